// SPDX-License-Identifier: MIT
// Processes that a child starts before its drop, and that keep their network: what an attacker would
// like to drive. They belong to the process group of the child and end with it.
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';

import type { Situation } from '../corpus/row';

let paths = 0;

/** A path in the folder that nothing has used. */
export function freshPath(folder: string): string {
  return `${folder}/${String(process.pid)}-${String(++paths)}`;
}

export interface Peer {
  readonly pid: number;
  /** The line that it has printed first. */
  readonly line: string;
}

/** Starts it, and waits until it says something; no descriptor of it stays here. */
export async function startPeer(file: string, ...args: string[]): Promise<Peer> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} has ended too early`);
  });
  ended.catch(() => undefined);
  let line = '';
  while (!line.includes('\n'))
    line += String(((await Promise.race([once(child.stdout, 'data'), ended])) as Buffer[])[0]);
  child.stdout.destroy();
  return { pid: child.pid ?? -1, line: line.trim() };
}

/** A process that does nothing, and is a child of this one. */
export function startSleeper(): number {
  return spawn('sleep', ['1000'], { stdio: 'ignore' }).pid ?? -1;
}

/** A shell that takes its commands from that descriptor. */
export function startShell(input: number): void {
  const stdio: StdioOptions = [input, input, 'ignore'];
  spawn('setsid', ['--ctty', 'bash', '--norc', '--noprofile'], { stdio });
}

/** The command with which a shell sends the text out. */
export function shellCommand({ text, udp }: Pick<Situation, 'text' | 'udp'>): string {
  return `printf %s '${text}' > /dev/udp/127.0.0.1/${String(udp)}`;
}

export type Transport = 'stream' | 'seqpacket' | 'datagram' | 'pipe' | 'signal' | 'file' | 'memory';

const broker = `
import mmap, os, signal, socket, sys, time

transport, name, port, text = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
network = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

def send(request):
    network.sendto(request.rstrip(b'\\0'), ('127.0.0.1', port))

def ready():
    print('ready', flush=True)

def serve(kind):
    server = socket.socket(socket.AF_UNIX, kind)
    server.bind('\\0' + name[1:] if name.startswith('@') else name)
    if kind == socket.SOCK_DGRAM:
        ready()
        while True:
            send(server.recv(4096))
    server.listen()
    ready()
    while True:
        connection = server.accept()[0]
        while request := connection.recv(4096):
            send(request)
            connection.send(b'done')

if transport == 'stream':
    serve(socket.SOCK_STREAM)
elif transport == 'seqpacket':
    serve(socket.SOCK_SEQPACKET)
elif transport == 'datagram':
    serve(socket.SOCK_DGRAM)
elif transport == 'pipe':
    os.mkfifo(name)
    ready()
    send(open(name, 'rb').read())
elif transport == 'signal':
    signal.signal(signal.SIGUSR1, lambda *_: send(text.encode()))
    ready()
    while True:
        signal.pause()
elif transport == 'file':
    ready()
    while not os.path.exists(name):
        time.sleep(0.005)
    send(open(name, 'rb').read())
elif transport == 'memory':
    with open(name, 'wb') as made:
        made.write(bytes(4096))
    shared = open(name, 'r+b')
    memory = mmap.mmap(shared.fileno(), 4096)
    ready()
    while memory[0] == 0:
        time.sleep(0.005)
    send(memory[:])
`;

/**
 * A stand-in for the services that act on request (Docker, systemd, tmux, a resolver): it sends
 * whatever it is asked to over the network that it has. Answers its pid.
 */
export async function startBroker(
  transport: Transport,
  name: string,
  { udp, text }: Pick<Situation, 'text' | 'udp'>,
): Promise<number> {
  return (await startPeer('/usr/bin/python3', '-c', broker, transport, name, String(udp), text)).pid;
}
