// SPDX-License-Identifier: MIT
// The machine of classic BPF as seccomp has it, from Documentation/networking/filter.rst and the
// list of allowed instructions in kernel/seccomp.c: with everything that a filter may hold, so that
// it is no mirror of what the builder happens to use.
import type { Call } from './contract';

const memoryWords = 16;

/** Runs the 8 bytes of each instruction as they are. Throws where the kernel would refuse the program. */
export function execute(program: Buffer, call: Call): number {
  const data = Buffer.alloc(64);
  data.writeInt32LE(call.number, 0);
  data.writeUInt32LE(call.architecture, 4);
  call.args.forEach((value, place) => data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * place));
  const memory = new Uint32Array(memoryWords);
  const count = program.length / 8;
  let [a, x] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const code = program.readUInt16LE(at * 8);
    const k = program.readUInt32LE(at * 8 + 4);
    const operand = (code & 8) === 0 ? k : x;
    switch (code & 7) {
      case 0: // LD
        a =
          code === 0x20
            ? load(data, k)
            : code === 0x80
              ? 64
              : code === 0x60
                ? word(memory, k)
                : code === 0
                  ? k
                  : bad(code);
        break;
      case 1: // LDX
        x = code === 0x81 ? 64 : code === 0x61 ? word(memory, k) : code === 1 ? k : bad(code);
        break;
      case 2: // ST
      case 3: // STX
        memory[k < memoryWords ? k : bad(code)] = (code & 7) === 2 ? a : x;
        break;
      case 4:
        a = calculate(code & 0xf0, a, operand) >>> 0;
        break;
      case 5:
        at += (code & 0xf0) === 0 ? k : program.readUInt8(at * 8 + (holds(code & 0xf0, a, operand) ? 2 : 3));
        break;
      case 6:
        return (code & 0x18) === 0x10 ? a : k;
      default:
        if (code === 0x07) x = a;
        else if (code === 0x87) a = x;
        else bad(code);
    }
  }
  throw new Error('the program runs off its end');
}

function bad(code: number): never {
  throw new Error(`no instruction of a filter: ${code.toString(16)}`);
}

function load(data: Buffer, offset: number): number {
  if (offset % 4 !== 0 || offset >= 64) throw new Error(`a load at ${String(offset)}`);
  return data.readUInt32LE(offset);
}

const word = (memory: Uint32Array, k: number): number => memory[k] ?? bad(k);

function calculate(operation: number, a: number, b: number): number {
  switch (operation) {
    case 0x00: return a + b; // prettier-ignore
    case 0x10: return a - b; // prettier-ignore
    case 0x20: return Math.imul(a, b); // prettier-ignore
    case 0x30: return Math.floor(a / (b === 0 ? bad(operation) : b)); // prettier-ignore
    case 0x40: return a | b; // prettier-ignore
    case 0x50: return a & b; // prettier-ignore
    case 0x60: return b < 32 ? a << b : 0; // prettier-ignore
    case 0x70: return b < 32 ? a >>> b : 0; // prettier-ignore
    case 0x80: return -a; // prettier-ignore
    case 0xa0: return a ^ b; // prettier-ignore
    default: return bad(operation); // prettier-ignore
  }
}

function holds(operation: number, a: number, b: number): boolean {
  switch (operation) {
    case 0x10: return a === b; // prettier-ignore
    case 0x20: return a > b; // prettier-ignore
    case 0x30: return a >= b; // prettier-ignore
    case 0x40: return (a & b) !== 0; // prettier-ignore
    default: return bad(operation); // prettier-ignore
  }
}
