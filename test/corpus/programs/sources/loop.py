# SPDX-License-Identifier: MIT
import asyncio
import concurrent.futures
import hashlib
import logging.handlers
import os
import signal
import socket


class Lines(asyncio.DatagramProtocol):
    def __init__(self):
        self.got = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, address):
        self.got.set_result(data)


async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


async def ask(number):
    reader, writer = await asyncio.open_unix_connection('server')
    for turn in range(50):
        writer.write(f'client {number} turn {turn}\n'.encode())
        assert await reader.readline() == f'CLIENT {number} TURN {turn}\n'.encode()
    writer.close()
    return number


async def child(number):
    made = await asyncio.create_subprocess_exec(
        'sh', '-c', f'cat; exit {number}', stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    output, _ = await made.communicate(b'x' * 200_000)
    return len(output), made.returncode


async def main():
    loop = asyncio.get_running_loop()
    server = await asyncio.start_unix_server(answer, 'server')
    print('clients', sum(await asyncio.gather(*map(ask, range(20)))))
    server.close()
    print('children', await asyncio.gather(*map(child, range(4))))
    transport, lines = await loop.create_datagram_endpoint(Lines, 'log', family=socket.AF_UNIX)
    logging.handlers.SysLogHandler('log').handle(logging.makeLogRecord({'msg': 'a line', 'levelno': 20}))
    print('datagram', await asyncio.wait_for(lines.got, 10))
    transport.close()
    work = [loop.run_in_executor(None, lambda n=n: hashlib.sha256(b'%d' % n * 100_000).hexdigest()[:6]) for n in range(8)]
    print('threads', await asyncio.gather(*work))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print('processes', await asyncio.gather(*[loop.run_in_executor(pool, pow, 7, n, 1_000_003) for n in range(9)]))
    woken = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, woken.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(woken.wait(), 10)
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.05)
    except asyncio.TimeoutError:
        print('signal and timer')


asyncio.run(main())
