// SPDX-License-Identifier: MIT

/** The parts of Node's diagnostic report that tell the C library. */
export interface ReportFacts {
  readonly header?: { readonly glibcVersionRuntime?: string };
  readonly sharedObjects?: readonly string[];
}

/** The C library that this process runs on, for the reader of a bug report. */
export function nameLibc({ header, sharedObjects = [] }: ReportFacts): string {
  if (header?.glibcVersionRuntime !== undefined) {
    return `glibc ${header.glibcVersionRuntime}`;
  }
  return sharedObjects.some((file) => file.includes('musl')) ? 'musl' : 'unknown';
}

export function detectLibc(): string {
  return nameLibc(process.report.getReport());
}
