// SPDX-License-Identifier: MIT
// What decides whether a run in the guest has passed, on what no guest would say: a failure may be
// invented, but never lost.
import { checkConfig, readConfig } from '../../../vm/kernel/check-config';
import { parseCounts } from '../../../kernel-patch/cost/counts';
import { VmError } from '../../../vm/errors';
import { FrameReader } from '../../../vm/guest/frames';
import { writeJunit } from '../../../vm/verdict/junit';
import { isKtap, leafTests, parseKtap } from '../../../vm/verdict/ktap';
import { scanLog } from '../../../vm/guest/log-scan';
import { checkOrder } from '../../../vm/verdict/lsm-order';
import { isForeignRace } from '../../../vm/verdict/races';
import type { Suite } from '../../../vm/verdict/outcome';
import { readVersion } from '../../../vm/kernel/source';
import { type Random, repeat, timeLimit } from '../support/budget';
import { attempt, mutate, randomText } from '../support/mutate';

const short = 1;
jest.setTimeout(timeLimit(short));
const never = (): boolean => false;

const flat = 'TAP version 13\n1..3\n# a note\nok 1 one\nok 2 - two # SKIP no reason\nok 3 three\n';
const nested = `KTAP version 1\n1..2\n    KTAP version 1\n    1..2\n    ok 1 a\n    ok 2 b\nok 1 outer\n# 1..1\n# ok 1 c\nok 2 last\n`;

test('KTAP: a result that is missing or bad is never lost', () => {
  let clean = 0;
  repeat('ktap', short, (random) => {
    for (let left = 50; left > 0; left -= 1) {
      const text = mutate(random, random.pick([flat, nested]));
      const report = attempt(() => parseKtap(text), never);
      attempt(() => isKtap(text), never);
      if (report === null) continue;
      const outcomes = leafTests(report.tests).map(({ outcome }) => outcome);
      const isClean = report.faults.length === 0 && !outcomes.includes('failed');
      if (/^not ok 1( (?!.*#)|$)/m.test(text.replace(/[^\S\n]+$/gm, '')))
        expect({ text, isClean }).toEqual({ text, isClean: false });
      clean += isClean ? 1 : 0;
    }
  });
  expect(clean).toBeGreaterThan(0);
  for (const text of [flat, nested]) {
    const lines = text.split('\n');
    for (const index of lines.keys()) {
      if (!/^ok/.test(lines[index] ?? '')) continue;
      const { faults } = parseKtap(lines.filter((_, at) => at !== index).join('\n'));
      expect({ without: lines[index], faults: faults.length }).not.toMatchObject({ faults: 0 });
    }
  }
});

const channel = '\n@k ready\n\n@k release 6.12.1\n\n@k begin a\nhello\r\nno end\n@k end 3 150 \n\n@k begin b\n\n@k end 137 300 timeout\n\n@k file c\nQUJD\n\n@k file \n\n@k done\n'; // prettier-ignore

function readChannel(text: string, pieces: (rest: number) => number): object {
  const reader = new FrameReader('k');
  for (let at = 0; at < text.length;) {
    const size = Math.max(1, pieces(text.length - at));
    reader.read(text.slice(at, at + size));
    at += size;
  }
  return reader.finish();
}

test('the channel of the guest: the same in any pieces, and nothing without the word', () => {
  repeat('frames', short, (random) => {
    for (let left = 20; left > 0; left -= 1) {
      const text = mutate(random, channel);
      const whole = readChannel(text, (rest) => rest);
      expect(readChannel(text, () => 1 + random.below(9))).toEqual(whole);
      expect(readChannel(text, () => 1)).toEqual(whole);
      const silent = readChannel(text.replaceAll('@k', '@x'), (rest) => rest);
      expect(silent).toMatchObject({ ready: false, done: false, programs: [] });
    }
  });
});

const faults = ['BUG: KASAN: use-after-free in f+0x1/0x2', 'WARNING: CPU: 1 PID: 7 at a.c:3 f+0x1', 'BUG: unable to handle page fault for address: 0', 'Kernel panic - not syncing: x', 'UBSAN: shift-out-of-bounds in a.c:1:2', 'INFO: task a:1 blocked for more than 120 seconds.', 'BUG: KCSAN: data-race in f / g']; // prettier-ignore

test('the log of the kernel: a fault is found among anything', () => {
  repeat('kernel log', short, (random) => {
    const fault = random.pick(faults);
    const around = (): string =>
      mutate(random, '[    1.5] eth0: up\n[    2.5][  T1] a\r\n\u001b[31mb').replaceAll('BUG', '');
    const stamp = random.pick(['', '[    3.25] ', '<4>[   10.1][    T7] ', '\u001b[31m[ 1.1] ']);
    const found = scanLog(`${around()}\n${stamp}${fault}\r\n${around()}`);
    expect(found.map(({ line }) => line.includes(fault.slice(0, 12)))).toContain(true);
    const functions = new Set(['f', randomText(random, 3)]);
    if (fault.startsWith('BUG: KCSAN'))
      for (const one of found) if (one.line.includes('KCSAN')) expect(isForeignRace(one, functions)).toBe(false);
    attempt(() => scanLog(mutate(random, faults.join('\n'))), never);
  });
});

test('configurations, orders, versions, counts: no text is taken for another', () => {
  const config = 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="x y"\nCONFIG_LSM="yama,disablenetwork"\n';
  repeat('harness texts', short, (random) => {
    const text = mutate(random, config);
    const values = attempt(() => readConfig(text), never) ?? new Map<string, string>();
    for (const [symbol, value] of values) expect(text).toContain(value === 'n' ? symbol : `${symbol}=${value}`);
    const wrong = new Set(checkConfig(config, text).map(({ symbol }) => symbol));
    for (const [symbol, value] of readConfig(config))
      expect(wrong.has(symbol)).toBe((values.get(symbol) ?? 'n') !== value);
    const order = mutate(random, 'capability,yama,disablenetwork');
    if (
      !order
        .split(',')
        .map((name) => name.trim())
        .includes('disablenetwork')
    )
      expect(checkOrder(order, null, 'disablenetwork')).not.toBeNull();
    const version = attempt(() => readVersion(mutate(random, 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 9\n')), never);
    expect(version === null || version.every(Number.isInteger)).toBe(true);
    const counts = attempt(
      () => parseCounts(mutate(random, 'value frequency 100\ncount open 700*3 701*9\ncount error 1*1\n')),
      (error) => error instanceof VmError,
    );
    for (const list of counts?.counts.values() ?? [])
      for (const pair of list) expect(pair.every(Number.isInteger)).toBe(true);
  });
});

test('JUnit: whatever a test says, the report is one', () => {
  const value = (random: Random): string => mutate(random, `a<b>&"c'\n]]>`);
  repeat('junit', short, (random) => {
    const name = value(random);
    const [inner, message] = [value(random), value(random)];
    const cases = (['failed', 'skipped', 'passed'] as const).map((outcome) => ({
      suite: name,
      name: inner,
      outcome,
      message,
    }));
    const suite: Suite = { name, seconds: 1, cases, output: value(random) };
    const text = writeJunit([suite]);
    // Nothing but whole tags, text without markup, and characters that XML may have.
    const rest = text.replace(/<\?xml[^?]*\?>|<\/?[a-z-]+(?: [a-z-]+="[^"<]*")*\s*\/?>/g, '');
    expect(rest).not.toMatch(/[<]|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i);
    // eslint-disable-next-line no-control-regex -- XML has none of these characters
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  });
});
