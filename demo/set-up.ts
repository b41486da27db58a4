// SPDX-License-Identifier: MIT
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, canEnter, unprivilegedAccount } from './account';
import type { Cleanup } from './cleanup';
import { type Outside, startOutside } from './outside';
import { startPostgres } from './postgres';
import { startNameService } from './name-service';
import { findPrograms, type Program } from './requirements';
import { ServiceProcess } from './service-process';
import { type Place, runProgram } from './start';
import { startXServer } from './x-server';

export interface Stage {
  readonly service: ServiceProcess;
  readonly outside: Outside;
  readonly postgresVersion: string;
  readonly serviceUser: string;
  /** Whether dns.lookup() can be shown. */
  readonly hasNames: boolean;
}

/** Starts everything that the demo needs, in a temporary directory of its own. */
export async function setUp(cleanup: Cleanup): Promise<Stage> {
  const programs = findPrograms();
  const account = unprivilegedAccount('nobody');
  const place = makePlace(cleanup, account);
  const ring = compileRing(place, programs);
  const [postgres, display, outside] = await Promise.all([
    startPostgres(place, programs),
    startXServer(place, programs),
    startOutside(place, programs),
  ]);

  const home = join(place.directory, 'service');
  mkdirSync(home);
  const { uid, gid } = account.identity;
  if (uid !== undefined && gid !== undefined) chownSync(home, uid, gid);
  const certificate = readFileSync(join(place.directory, 'tls.crt'), 'utf8');
  const names = await startNameService(place, outside.remember);
  const settings = { postgres, ports: outside.ports, programs, ring, display, home, certificate };
  const service = await ServiceProcess.start(place, account, names, settings);
  return { service, outside, postgresVersion: postgres.version, serviceUser: account.name, hasNames: names !== null };
}

function makePlace(cleanup: Cleanup, account: Account): Place {
  // Root may have a temporary directory that is closed to everyone else.
  const base = [tmpdir(), '/tmp'].find((candidate) => canEnter(account, candidate)) ?? '/tmp';
  const directory = mkdtempSync(join(base, 'disablenetwork-demo-'));
  cleanup.removeDirectory(directory);
  // The servers' accounts have to get through it.
  chmodSync(directory, 0o711);
  return { cleanup, directory };
}

function compileRing(place: Place, programs: Record<Program, string>): string {
  const source = join(__dirname, '..', '..', 'demo', 'ring.c');
  const ring = join(place.directory, 'ring');
  runProgram(programs.gcc, ['-O1', '-o', ring, source], { name: 'self', identity: {} }, place.directory);
  return ring;
}
