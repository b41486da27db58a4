// SPDX-License-Identifier: MIT
import type { Descriptor, Receipt, Residual } from '../../types';
import { printable, renderTable } from '../../command-line/text';

/** The receipt for people: one line that says what is in force, then what is worth knowing. */
export function describeReceipt(receipt: Receipt): string {
  const how = receipt.alreadyDisabled ? 'the network was off already' : 'the network is off';
  const rows: string[][] = [];
  for (const descriptor of receipt.kept) {
    rows.push(['kept', ...describeDescriptor(descriptor)]);
  }
  for (const descriptor of receipt.closed) {
    rows.push(['closed', ...describeDescriptor(descriptor)]);
  }
  for (const residual of receipt.accepted) {
    rows.push(['accepted', ...describeResidual(residual)]);
  }
  for (const { id, description } of receipt.limits) {
    rows.push(['left open', id, printable(description)]);
  }
  for (const { id, description } of receipt.sideEffects) {
    rows.push(['side effect', id, printable(description)]);
  }
  return (
    `disablenetwork: ${how}: provider ${receipt.provider} (${receipt.mechanisms.join(', ')}), ` +
    `Unix sockets ${receipt.unixSockets}\n${renderTable(rows.map((row) => ['', ...row]))}`
  );
}

/** Why the drop was refused, and the options that would let it pass. */
export function describeResiduals(residuals: readonly Residual[]): string {
  const rows = residuals.map((residual) => ['', ...describeResidual(residual)]);
  const ids = [...new Set(residuals.map(({ id }) => id))].join(',');
  const close = residuals.every(({ closable }) => closable) ? "close them with '--residuals close', or " : '';
  return (
    'disablenetwork: the network was not disabled and the command was not started, ' +
    `for inherited descriptors would leave a way out:\n${renderTable(rows)}` +
    `disablenetwork: ${close}accept them with '--residuals ${ids}'\n`
  );
}

function describeResidual({ id, descriptor, ways }: Residual): [string, string] {
  const where = descriptor === null ? '' : `fd ${String(descriptor.fd)} `;
  return [id, `${where}${printable(addresses(descriptor))}(${printable(ways.join('; '))})`];
}

function describeDescriptor(descriptor: Descriptor): [string, string] {
  const broker = descriptor.broker === null ? '' : `, ${descriptor.broker}`;
  const state = descriptor.state ?? descriptor.link;
  return [`fd ${String(descriptor.fd)}`, printable(`${descriptor.kind} ${addresses(descriptor)}${state}${broker}`)];
}

function addresses(descriptor: Descriptor | null): string {
  const { local = null, remote = null } = descriptor ?? {};
  if (remote !== null) {
    return `${local ?? ''} -> ${remote} `.trimStart();
  }
  return local === null ? '' : `${local} `;
}
