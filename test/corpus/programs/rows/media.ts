// SPDX-License-Identifier: MIT
import type { ProgramRow } from '../row';
import { digest, run, runForBytes } from '../start';

const ffmpeg: ProgramRow = {
  id: 'F42.ffmpeg',
  title: 'ffmpeg encodes pictures and sound with threads, then decodes them; every frame compared',
  packages: ['ffmpeg'],
  work: async (launcher, folder) => {
    const call = async (...args: string[]): Promise<string> =>
      run([...launcher, 'ffmpeg', '-v', 'error', '-nostdin', '-y', ...args], { folder });
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=duration=2:size=320x240:rate=25',
      '-f',
      'lavfi',
      '-i',
      'sine=duration=2',
    ];
    const exact = ['-bitexact', '-threads', '3'];
    await call(...inputs, ...exact, '-c:v', 'ffv1', '-slices', '4', '-c:a', 'flac', 'exact.mkv');
    await call('-i', 'exact.mkv', ...exact, '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', 'small.mp4');
    const frames = await call('-i', 'exact.mkv', '-f', 'framemd5', '-');
    const small = await call('-i', 'small.mp4', '-map', '0:v', '-vf', 'scale=160:120', '-f', 'framemd5', '-');
    const count = (text: string): number => text.split('\n').filter((line) => /^\d/.test(line)).length;
    return `${count(frames)} ${digest(frames)} ${count(small)} ${digest(small)}`;
  },
};

const imageMagick: ProgramRow = {
  id: 'F43.imagemagick',
  title: 'ImageMagick draws, turns, blurs and converts pictures, on the disk and in pipes',
  packages: ['imagemagick'],
  work: async (launcher, folder) => {
    const convert = [...launcher, 'convert-im6.q16'];
    const draw = [
      '-size',
      '300x200',
      'gradient:red-blue',
      '-rotate',
      '30',
      '-blur',
      '0x2',
      '-resize',
      '50%',
      '-depth',
      '8',
    ];
    await run([...convert, ...draw, '-define', 'png:exclude-chunks=date,time', 'a.png'], { folder });
    const jpeg = await runForBytes([...convert, 'a.png', '-quality', '80', 'jpeg:-'], { folder });
    const back = await runForBytes([...convert, 'jpeg:-', '-resize', '99x99!', 'ppm:-'], { folder, input: jpeg });
    const size = await run([...launcher, 'identify-im6.q16', '-format', '%m %w %h', 'a.png'], { folder });
    return `${size} ${digest(back)}`;
  },
};

export const mediaRows = [ffmpeg, imageMagick];
