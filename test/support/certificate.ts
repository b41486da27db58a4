// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate for localhost and 127.0.0.1, good for a day. */
export function createCertificate(): Certificate {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const pem = execFileSync(
    'openssl',
    [...options, '-subj', '/CN=localhost', '-addext', names, '-keyout', '-', '-out', '-'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const part = (label: string): string =>
    new RegExp(`-----BEGIN ${label}-----[^]*-----END ${label}-----\n`).exec(pem)?.[0] ?? '';
  return { key: part('PRIVATE KEY'), cert: part('CERTIFICATE') };
}
