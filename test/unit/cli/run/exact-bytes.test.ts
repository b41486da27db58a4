// SPDX-License-Identifier: MIT
import { exactArguments, splitAtNul } from '../../../../lib/cli/run/exact-bytes';

it('splits at each NUL and keeps empty texts', () => {
  expect(splitAtNul(Buffer.from('a\0\0b c\0')).map(String)).toEqual(['a', '', 'b c']);
  expect(splitAtNul(Buffer.alloc(0))).toEqual([]);
});

it('takes the bytes of arguments that are no UTF-8', () => {
  const bytes = Buffer.from([0xff, 0x41, 0xfe]);
  const commandLine = Buffer.concat([Buffer.from('node\0main.js\0run\0cat\0'), bytes, Buffer.from('\0\0')]);
  const args = ['cat', bytes.toString(), ''];
  expect(exactArguments(args, commandLine)).toEqual([Buffer.from('cat'), bytes, Buffer.alloc(0)]);
});

it('encodes an argument that does not stand in the command line', () => {
  const commandLine = Buffer.from('node\0main.js\0run\0script\0é\0');
  expect(exactArguments(['/bin/sh', './script', 'é'], commandLine).map(String)).toEqual(['/bin/sh', './script', 'é']);
});
