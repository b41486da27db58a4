// SPDX-License-Identifier: MIT

/**
 * Services that act for whoever talks to them: what a process cannot do without the network, one of
 * them may do on its request. Found by where they listen. The list cannot be complete; it only adds
 * a name to a Unix connection.
 */
const brokers: readonly (readonly [name: string, path: RegExp])[] = [
  ['Docker', /(^|\/)(docker|cri-dockerd)\.sock$/],
  ['containerd', /(^|\/)containerd[^/]*\.sock(\.ttrpc)?$/],
  ['Podman', /(^|\/)podman\.sock$/],
  ['CRI-O', /(^|\/)crio\.sock$/],
  ['LXD', /\/(lxd|incus)\/(unix|user)\.socket[^/]*$/],
  ['libvirt', /\/libvirt\/[^/]*-sock(-ro)?$/],
  ['D-Bus system bus', /\/dbus\/system_bus_socket$/],
  ['D-Bus session bus', /^(\/run\/user\/\d+\/bus|@?\/tmp\/dbus-[^/]+)$/],
  ['systemd', /\/systemd\/(private|notify)$/],
  ['systemd-resolved', /\/systemd\/resolve\/io\.systemd\.[^/]+$/],
  ['nscd', /\/nscd\/socket$/],
  ['SSSD', /\/sss\/pipes\/[^/]+$/],
  ['Avahi', /\/avahi-daemon\/socket$/],
  ['snapd', /(^|\/)snapd(-snap)?\.socket$/],
  ['Tailscale', /(^|\/)tailscaled\.sock$/],
  ['CUPS', /\/cups\/cups\.sock$/],
  ['GnuPG dirmngr', /(^|\/)S\.dirmngr$/],
  // ControlPath is free, but nearly everybody has it below .ssh or names it as the manual does.
  ['ssh connection', /\/\.ssh\/(?!agent)(?:[^/]+\/)*[^/]*[@:%-][^/]*$|\/ssh[-_]mux[-_][^/]+$/],
  ['tmux', /\/tmux-\d+\/[^/]+$/],
  ['screen', /\/screens?\/S-[^/]+\/[^/]+$/],
  ['Emacs', /\/emacs(\d+)?\/server$/],
];

/** The service behind a Unix connection's far end; null when it is none that is known. */
export function nameBroker(remote: string | null): string | null {
  if (remote === null) return null;
  return brokers.find(([, path]) => path.test(remote))?.[0] ?? null;
}
