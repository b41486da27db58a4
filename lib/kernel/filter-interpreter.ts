// SPDX-License-Identifier: MIT

/** One instruction of classic BPF (include/uapi/linux/filter.h). */
export interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly value: number;
}

/** What a filter is asked about: struct seccomp_data without the instruction pointer. */
export interface SystemCall {
  readonly number: number;
  readonly architecture: number;
  /** Up to six, 64 bits each. */
  readonly args: readonly bigint[];
}

const load = 0x20;
const and = 0x54;
const jump = 0x05;
const jumpEqual = 0x15;
const jumpGreater = 0x25;
const jumpGreaterOrEqual = 0x35;
const jumpBits = 0x45;
const returnValue = 0x06;

export function decodeFilter(program: Uint8Array): Instruction[] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: Math.floor(program.byteLength / 8) }, (_, index) => ({
    code: view.getUint16(index * 8, true),
    whenTrue: view.getUint8(index * 8 + 2),
    whenFalse: view.getUint8(index * 8 + 3),
    value: view.getUint32(index * 8 + 4, true),
  }));
}

/**
 * Runs a filter as the kernel does (Documentation/networking/filter.rst).
 *
 * @returns The filter's action, 32 bits; null when it uses an instruction that this does not know.
 */
export function runFilter(program: readonly Instruction[], call: SystemCall): number | null {
  const data = encodeCall(call);
  let accumulator = 0;
  for (let index = 0; index < program.length; index += 1) {
    const instruction = program[index];
    if (instruction === undefined) return null;
    const { code, value, whenTrue, whenFalse } = instruction;
    if (code === returnValue) return value;
    if (code === load) {
      if (value > data.byteLength - 4) return null;
      accumulator = data.getUint32(value, true);
    } else if (code === and) accumulator = (accumulator & value) >>> 0;
    else if (code === jump) index += value;
    else {
      const holds = compare(code, accumulator, value);
      if (holds === null) return null;
      index += holds ? whenTrue : whenFalse;
    }
  }
  return null;
}

function encodeCall({ number, architecture, args }: SystemCall): DataView {
  const view = new DataView(new ArrayBuffer(64));
  view.setInt32(0, number, true);
  view.setUint32(4, architecture, true);
  args.slice(0, 6).forEach((value, index) => {
    view.setBigUint64(16 + index * 8, BigInt.asUintN(64, value), true);
  });
  return view;
}

function compare(code: number, accumulator: number, value: number): boolean | null {
  if (code === jumpEqual) return accumulator === value;
  if (code === jumpGreater) return accumulator > value;
  if (code === jumpGreaterOrEqual) return accumulator >= value;
  if (code === jumpBits) return (accumulator & value) !== 0;
  return null;
}
