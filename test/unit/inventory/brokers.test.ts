// SPDX-License-Identifier: MIT
import { nameBroker } from '../../../lib/inventory/brokers';

it.each([
  ['/var/run/docker.sock', 'Docker'],
  ['/run/user/1000/docker.sock', 'Docker'],
  ['docker.sock', 'Docker'],
  ['/run/containerd/containerd.sock', 'containerd'],
  ['/run/containerd/containerd.sock.ttrpc', 'containerd'],
  ['/run/user/1000/podman/podman.sock', 'Podman'],
  ['/run/crio/crio.sock', 'CRI-O'],
  ['/var/lib/incus/unix.socket', 'LXD'],
  ['/run/libvirt/libvirt-sock', 'libvirt'],
  ['/run/dbus/system_bus_socket', 'D-Bus system bus'],
  ['/run/user/1000/bus', 'D-Bus session bus'],
  ['@/tmp/dbus-AbCdEf', 'D-Bus session bus'],
  ['/run/systemd/private', 'systemd'],
  ['/run/user/1000/systemd/private', 'systemd'],
  ['/run/systemd/notify', 'systemd'],
  ['/run/systemd/resolve/io.systemd.Resolve', 'systemd-resolved'],
  ['/var/run/nscd/socket', 'nscd'],
  ['/var/lib/sss/pipes/nss', 'SSSD'],
  ['/run/avahi-daemon/socket', 'Avahi'],
  ['/run/snapd.socket', 'snapd'],
  ['/home/a/.ssh/cm-user@host:22', 'ssh connection'],
  ['/home/a/.ssh/sockets/user@host-22', 'ssh connection'],
  ['/tmp/ssh_mux_host_22_user', 'ssh connection'],
  ['/tmp/tmux-1000/default', 'tmux'],
  ['/run/screen/S-user/1234.pts-0.host', 'screen'],
  ['/run/user/1000/emacs/server', 'Emacs'],
  ['/run/user/1000/gnupg/S.dirmngr', 'GnuPG dirmngr'],
])('%s is %s', (remote, broker) => {
  expect(nameBroker(remote)).toBe(broker);
});

it.each([
  null,
  '',
  '/tmp/.X11-unix/X0',
  '@/tmp/.X11-unix/X0',
  '/run/postgresql/.s.PGSQL.5432',
  '/run/redis/redis.sock',
  '/tmp/docker.sock.d/other',
  '/home/a/.ssh/agent',
  '/dev/log',
  '@',
])('%s is no broker', (remote) => {
  expect(nameBroker(remote)).toBeNull();
});
