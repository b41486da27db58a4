// SPDX-License-Identifier: MIT
// Kconfig drops a line whose dependencies are missing without a word: so what was asked for is
// compared with what came out.

export interface Unhonoured {
  readonly symbol: string;
  readonly wanted: string;
  /** As the configuration has it; `n` also stands for a symbol that does not exist. */
  readonly got: string;
}

/** The values of a configuration or fragment; a later line wins. Not set is `n`. */
export function readConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, set, value = ''] = /^(CONFIG_\w+)=(.*)$/.exec(line.trim()) ?? [];
    const [, unset] = /^# (CONFIG_\w+) is not set$/.exec(line.trim()) ?? [];
    if (set !== undefined) values.set(set, value);
    else if (unset !== undefined) values.set(unset, 'n');
  }
  return values;
}

/** Each line of the fragments that the configuration does not have. */
export function checkConfig(fragments: string, config: string): readonly Unhonoured[] {
  const got = readConfig(config);
  return [...readConfig(fragments)]
    .map(([symbol, wanted]) => ({ symbol, wanted, got: got.get(symbol) ?? 'n' }))
    .filter(({ wanted, got }) => wanted !== got);
}

/** The fragments without what only the series offers: for an unpatched kernel. */
export function withoutSeries(fragments: string): string {
  return fragments
    .split('\n')
    .filter((line) => !line.includes('CONFIG_SECURITY_DISABLENETWORK'))
    .map((line) => (line.startsWith('CONFIG_LSM=') ? line.replace(/,disablenetwork\b|\bdisablenetwork,/, '') : line))
    .join('\n');
}
