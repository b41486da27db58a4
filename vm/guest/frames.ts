// SPDX-License-Identifier: MIT
// What the guest says on its second serial port: the output of the tests, and between it frames, which
// are lines that begin with a word that no test knows. The kernel's log goes another way, so that a
// test cannot fake success by what it makes the kernel print.

/** What is known about one program of the guest. */
export interface ProgramRun {
  readonly name: string;
  output: string;
  /** Null while it runs. */
  exitCode: number | null;
  /** Seconds, as the guest measured them. */
  seconds: number;
  /** Whether the guest's own time limit ended it. */
  timedOut: boolean;
}

export interface GuestReport {
  /** The guest has started and can speak. */
  readonly ready: boolean;
  /** The guest has run everything that it was told to. */
  readonly done: boolean;
  /** Why the guest gave up; null when it did not. */
  readonly fatal: string | null;
  readonly release: string | null;
  /** Content of /sys/kernel/security/lsm. */
  readonly lsm: string | null;
  readonly programs: readonly ProgramRun[];
  /** Files that the guest hands over, base64, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the channel as it comes, piece by piece. */
export class FrameReader {
  private unfinished = '';
  private current: ProgramRun | null = null;
  private file: string | null = null;
  private readonly state = {
    ready: false,
    done: false,
    fatal: null as string | null,
    release: null as string | null,
    lsm: null as string | null,
    programs: [] as ProgramRun[],
    files: new Map<string, string>(),
  };

  constructor(
    private readonly token: string,
    private readonly onFrame: (words: readonly string[], report: GuestReport) => void = () => undefined,
  ) {}

  get report(): GuestReport {
    return this.state;
  }

  read(text: string): void {
    const lines = (this.unfinished + text.replace(/\r/g, '')).split('\n');
    this.unfinished = lines.pop() ?? '';
    lines.forEach((line) => {
      this.readLine(line);
    });
  }

  /** To be called when the channel has closed: keeps a last line that has no end. */
  finish(): GuestReport {
    if (this.unfinished !== '') this.readLine(this.unfinished);
    this.unfinished = '';
    return this.state;
  }

  private readLine(line: string): void {
    if (line.startsWith(`@${this.token} `)) {
      this.readFrame(line.slice(this.token.length + 2).split(' '));
    } else if (this.file !== null) {
      this.state.files.set(this.file, (this.state.files.get(this.file) ?? '') + line);
    } else if (this.current !== null) {
      this.current.output += `${line}\n`;
    }
  }

  private readFrame(words: readonly string[]): void {
    const [verb, ...rest] = words;
    const text = rest.join(' ');
    if (verb === 'ready' || verb === 'done') this.state[verb] = true;
    else if (verb === 'fatal' || verb === 'release' || verb === 'lsm') this.state[verb] = text;
    else if (verb === 'file') this.file = text === '' ? null : text;
    else if (verb === 'begin') {
      this.current = { name: text, output: '', exitCode: null, seconds: 0, timedOut: false };
      this.state.programs.push(this.current);
    } else if (verb === 'end' && this.current !== null) {
      this.finishProgram(this.current, rest);
      this.current = null;
    }
    this.onFrame(words, this.state);
  }

  private finishProgram(program: ProgramRun, [exitCode = '', hundredths = '', how = '']: readonly string[]): void {
    // The guest puts a line end before each frame, for the output may lack one.
    program.output = program.output === '\n' ? '' : program.output.replace(/\n\n$/, '\n');
    program.exitCode = Number.parseInt(exitCode, 10);
    program.seconds = Number(hundredths) / 100;
    program.timedOut = how === 'timeout';
  }
}
