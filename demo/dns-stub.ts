// SPDX-License-Identifier: MIT
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Place } from './start';

/** What every name resolves to: an address that is reserved for documentation. */
export const stubAnswer = '192.0.2.7';

const headerLength = 12;
const typeA = 1;

/** A name server, RFC 1035 as far as one question needs it; returns its port. */
export async function startDnsStub(
  { cleanup }: Place,
  remember: (name: string) => void,
  address = '127.0.0.1',
  port = 0,
): Promise<number> {
  const socket = createSocket('udp4', (query, sender) => {
    const question = readQuestion(query);
    remember(question.name);
    socket.send(answer(query, question), sender.port, sender.address);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  cleanup.add(() => {
    socket.close();
  });
  return socket.address().port;
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly end: number;
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let position = headerLength;
  for (let length = query[position] ?? 0; length > 0; length = query[position] ?? 0) {
    labels.push(query.toString('latin1', position + 1, position + 1 + length));
    position += 1 + length;
  }
  // The name's end, its type and its class.
  return { name: labels.join('.'), type: query.readUInt16BE(position + 1), end: position + 5 };
}

function answer(query: Buffer, { type, end }: Question): Buffer {
  const header = Buffer.alloc(headerLength);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180, 2); // A response without an error, recursion available.
  header.writeUInt16BE(1, 4); // One question
  header.writeUInt16BE(type === typeA ? 1 : 0, 6); // and at most one answer.
  const question = query.subarray(headerLength, end);
  if (type !== typeA) return Buffer.concat([header, question]);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 + headerLength, 0); // The name stands in the question.
  record.writeUInt16BE(typeA, 2); // Type A
  record.writeUInt16BE(1, 4); // in the Internet class,
  record.writeUInt32BE(0, 6); // not to be kept,
  record.writeUInt16BE(4, 10); // four bytes long.
  stubAnswer.split('.').forEach((byte, index) => record.writeUInt8(Number(byte), 12 + index));
  return Buffer.concat([header, question, record]);
}
