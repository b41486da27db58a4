# SPDX-License-Identifier: MIT
import concurrent.futures
import hashlib
import multiprocessing
from multiprocessing import shared_memory


def work(number):
    return hashlib.sha256(str(number).encode()).hexdigest()[:4]


def fill(queue, lock, counter, name, slot):
    memory = shared_memory.SharedMemory(name)
    memory.buf[slot] = slot * 2
    memory.close()
    for _ in range(100):
        with lock:
            counter.value += 1
    queue.put(slot)


def note(shared, number):
    shared[number] = number * number


def main():
    for method in ('fork', 'spawn', 'forkserver'):
        context = multiprocessing.get_context(method)
        with context.Pool(3) as pool:
            print(method, 'pool', hashlib.sha256(''.join(pool.map(work, range(500))).encode()).hexdigest()[:8])
        queue, lock, counter = context.Queue(), context.Lock(), context.Value('i', 0)
        memory = shared_memory.SharedMemory(create=True, size=16)
        children = [context.Process(target=fill, args=(queue, lock, counter, memory.name, n)) for n in range(3)]
        for child in children:
            child.start()
        print(method, 'queue', sorted(queue.get(timeout=30) for _ in children))
        for child in children:
            child.join()
        print(method, 'memory', list(memory.buf[:3]), counter.value)
        memory.close()
        memory.unlink()
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        children = [multiprocessing.Process(target=note, args=(shared, n)) for n in range(3)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        print('manager', sorted(shared.items()))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        print('futures', sum(pool.map(lambda n: n * n, range(1000))))


if __name__ == '__main__':
    main()
