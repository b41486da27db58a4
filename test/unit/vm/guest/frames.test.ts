// SPDX-License-Identifier: MIT
import { FrameReader } from '../../../../vm/guest/frames';

const read = (text: string, size = text.length) => {
  const reader = new FrameReader('k');
  for (let start = 0; start < text.length; start += size) reader.read(text.slice(start, start + size));
  return reader.finish();
};

const whole =
  '\n@k ready\n\n@k release 6.12.1\n\n@k lsm capability,yama\n\n@k begin a\nhello\r\nno end' +
  '\n@k end 3 150 \n\n@k begin b\n\n@k end 137 300 timeout\n\n@k file c\nQUJD\nREVG\n\n@k file \n\n@k done\n';

it.each([[whole.length], [1], [7]])('reads it in pieces of %d', (size) => {
  const report = read(whole, size);
  expect(report).toMatchObject({ ready: true, done: true, fatal: null, release: '6.12.1', lsm: 'capability,yama' });
  expect(report.programs).toEqual([
    { name: 'a', output: 'hello\nno end\n', exitCode: 3, seconds: 1.5, timedOut: false },
    { name: 'b', output: '', exitCode: 137, seconds: 3, timedOut: true },
  ]);
  expect([...report.files]).toEqual([['c', 'QUJDREVG']]);
});

it('keeps what a machine said that died', () => {
  const report = read('\n@k ready\n\n@k begin a\nlast wor');
  expect(report.done).toBe(false);
  expect(report.programs).toMatchObject([{ name: 'a', output: 'last wor\n', exitCode: null }]);
});

it('takes no frame without the word', () => {
  const report = read('@x ready\n@k begin a\n@x end 0 1\n@k2 done\n');
  expect(report).toMatchObject({ ready: false, done: false });
  expect(report.programs[0]?.output).toBe('@x end 0 1\n@k2 done\n');
});
