#!/bin/bash
# SPDX-License-Identifier: MIT
# Judges the series as a maintainer's robots would: kernel-patch/gates.sh BASE [GATE...]
set -euo pipefail

all_gates='apply checkpatch format kernel-doc config boot warnings sparse'

usage() {
  cat >&2 <<END
usage: kernel-patch/gates.sh 6.12|6.1 [GATE...]

Gates: $all_gates
  apply       every patch applies with git am, and with patch(1) without fuzz
  checkpatch  scripts/checkpatch.pl --strict on every patch
  format      clang-format with the kernel's own settings
  kernel-doc  every comment of a function is complete
  config      kernel-patch/config/base.config is honoured line by line
  each        the kernel builds after every single patch, without a warning; only by name
  boot        the same, and each of these kernels boots, with the module among those in force
  warnings    W=1 finds nothing in the files of the series
  sparse      C=2 finds nothing in the files of the series

Environment:
  KERNEL   the kernel's source: a tarball or a tree that is left alone; Debian's
           linux-source-BASE unless given
  FOLDER   where the work is done and kept; ~/.cache/disablenetwork-gates/BASE unless given
  COMPILER gcc unless given, e.g. 'ccache gcc'
END
  exit 2
}

[[ ${1-} == 6.12 || ${1-} == 6.1 ]] || usage
base=$1
shift
chosen=${*:-$all_gates}
here=$(cd "$(dirname "$0")" && pwd)
kernel=${KERNEL:-/usr/src/linux-source-$base.tar.xz}
folder=${FOLDER:-${XDG_CACHE_HOME:-$HOME/.cache}/disablenetwork-gates/$base}
tree=$folder/tree
objects=$folder/objects
made=$here/patches/$base
if [[ ! -e $made ]]; then
  # Only those for 6.12 are kept.
  node "$here/../dist/series/main.js" --base "$base" --kernel "$base=$kernel" --output "$folder/series" >/dev/null
  made=$folder/series/$base
fi
patches=("$made"/00*.patch)
patches=("${patches[@]:1}") # The first is the cover letter.
log=$folder/log
failed=0

# What the series adds; the C files of the selftests are compiled by the harness.
sources=(security/disablenetwork include/linux/disablenetwork.h include/uapi/linux/disablenetwork.h)

# Beside what building a kernel takes.
require_packages() {
  local missing=()
  [[ -e $kernel ]] || missing+=("linux-source-$base")
  command -v clang-format >/dev/null || missing+=(clang-format)
  command -v sparse >/dev/null || missing+=(sparse)
  # checkpatch.pl starts python3 with modules of Debian's.
  PATH=/usr/bin:$PATH python3 -c 'import git, ply' 2>/dev/null || missing+=(python3-git python3-ply)
  ((${#missing[@]} == 0)) || { echo "run: apt-get install ${missing[*]}" >&2; exit 1; }
}

git_in_tree() {
  git -C "$tree" -c user.name=gates -c user.email=gates@localhost -c gc.auto=0 "$@"
}

build() {
  make -C "$tree" O="$objects" -j"$(nproc)" CC="${COMPILER:-gcc}" "$@" >"$log" 2>&1
}

touched() {
  sed -n 's|^+++ b/||p' "${patches[@]}" | sort -u
}

# git knows only what the series touches, and the licences, which checkpatch.pl looks up in it: to look
# through the whole kernel would take it most of a minute.
prepare() {
  local file
  if [[ $(cat "$folder/touched" 2>/dev/null) != "$(touched)" ]]; then
    rm -rf "$tree" "$folder/touched"
    mkdir -p "$tree"
    if [[ -d $kernel ]]; then
      cp -a "$kernel/." "$tree"
      rm -rf "$tree/.git"
    else
      tar -xf "$kernel" -C "$tree" --strip-components=1
    fi
    git -C "$tree" init --quiet --initial-branch=series
    echo '*' >"$tree/.git/info/exclude"
    { touched; echo LICENSES; } | while read -r file; do
      [[ ! -e $tree/$file ]] || git_in_tree add --force "$file"
    done
    git_in_tree commit --quiet --message pristine
    git_in_tree tag pristine
    touched >"$folder/touched"
  fi
  git_in_tree am --abort 2>/dev/null || true
  git_in_tree checkout --quiet --force -B series pristine
  # What a run that was killed has left.
  touched | while read -r file; do
    git_in_tree cat-file -e "pristine:$file" 2>/dev/null || rm -f "$tree/$file"
  done
}

configure() {
  make -C "$tree" O="$objects" KCONFIG_ALLCONFIG="$here/config/base.config" allnoconfig >"$log" 2>&1
}

gate_apply() {
  local patch copy
  # git am has no fuzz; patch(1) says so in words.
  copy=$(mktemp -d)
  git_in_tree diff --name-only pristine series | while read -r file; do
    git_in_tree cat-file -e "pristine:$file" 2>/dev/null || continue
    mkdir -p "$copy/$(dirname "$file")"
    git_in_tree show "pristine:$file" >"$copy/$file"
  done
  for patch in "${patches[@]}"; do
    patch --directory="$copy" --strip=1 --fuzz=0 --batch <"$patch" >"$log" || return 1
    if grep -qi fuzz "$log"; then return 1; fi
  done
  rm -r "$copy"
}

# What checkpatch asks for in vain:
# FILE_PATH_CHANGES          MAINTAINERS names every file from the first patch on.
# ENOSYS                     what the hook task_prctl answers to options of others.
ignored=FILE_PATH_CHANGES,ENOSYS

# The selftests are user space, and their harness is made of macros:
# MULTISTATEMENT_MACRO_USE_DO_WHILE, MACRO_ARG_REUSE, LINE_SPACING
#                            declarations of fixtures and their variants.
# BRACES                     an assertion is a loop, so an else would bind to it.
# OPEN_ENDED_LINE            what clang-format does with long arguments.
# PREFER_DEFINED_ATTRIBUTE_MACRO, VOLATILE, USE_NEGATIVE_ERRNO
#                            rules of the kernel's own code.
# FUNCTION_ARGUMENTS         takes a cast for a declaration.
ignored_in_tests=$ignored,MULTISTATEMENT_MACRO_USE_DO_WHILE,MACRO_ARG_REUSE,LINE_SPACING,BRACES
ignored_in_tests+=,OPEN_ENDED_LINE,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,USE_NEGATIVE_ERRNO
ignored_in_tests+=,FUNCTION_ARGUMENTS

check_patch() {
  local ignore=$ignored
  [[ $1 != *-selftests-* ]] || ignore=$ignored_in_tests
  cd "$tree" && PATH=/usr/bin:$PATH scripts/checkpatch.pl --strict --terse --no-summary \
    --show-types --ignore "$ignore" "$1"
}

gate_checkpatch() {
  local answer=0
  export tree ignored ignored_in_tests
  export -f check_patch
  printf '%s\n' "${patches[@]}" |
    xargs --max-procs="$(nproc)" --replace bash -c 'check_patch "$1"' check_patch '{}' >"$log" 2>&1 || answer=1
  # A checker that checkpatch.pl starts may fail without failing it.
  if grep -q Traceback "$log"; then return 1; fi
  return "$answer"
}

# After every patch, not only after the last.
gate_format() {
  local commit file answer=0
  : >"$log"
  for commit in $(git_in_tree rev-list pristine..series); do
    while read -r file; do
      git_in_tree show "$commit:$file" | (cd "$tree" && clang-format --dry-run --Werror \
        --style=file --assume-filename="$file") >>"$log" 2>&1 || answer=1
    done < <(git_in_tree ls-tree -r --name-only "$commit" security/disablenetwork |
      grep '\.[ch]$')
  done
  return "$answer"
}

gate_kernel-doc() {
  local all=-Wall
  # 6.1 does not know the option.
  grep -q Wall "$tree/scripts/kernel-doc" || all=
  (cd "$tree" && scripts/kernel-doc -none -Werror $all \
    security/disablenetwork/*.[ch] include/linux/disablenetwork.h) >"$log" 2>&1
}

gate_config() {
  local line lost=0
  configure || return 1
  while read -r line; do
    grep -qxF "$line" "$objects/.config" || { echo "not honoured: $line" >>"$log"; lost=1; }
  done < <(grep ^CONFIG "$here/config/base.config")
  return "$lost"
}

# The tests of the series come with its last patches, so what boots is asked for the module alone.
# Before the patch that makes it a module it is enough that the kernel boots.
boot() {
  local program=$folder/module-is-in-force
  [[ -e $tree/security/disablenetwork/Makefile ]] || program=$folder/kernel-boots
  printf '#!/bin/sh\nuname -r\n' >"$folder/kernel-boots"
  cat >"$folder/module-is-in-force" <<'END'
#!/bin/sh
dmesg | grep 'disablenetwork: Ready for processes' || { dmesg | grep LSM; exit 1; }
END
  node "$here/../dist/vm/main.js" test --kernel "$objects/vmlinux" \
    --program "$program" >"$log" 2>&1
}

# Calls a command after each build.
after_every_patch() {
  local commit
  for commit in $(git_in_tree rev-list --reverse pristine..series); do
    git_in_tree checkout --quiet "$commit"
    configure && build vmlinux || { git_in_tree log -1 --format='fails after: %s' >>"$log"; return 1; }
    if grep -n 'warning:' "$log"; then return 1; fi
    "$1" || { git_in_tree log -1 --format='does not boot after: %s' >>"$log"; return 1; }
    git_in_tree log -1 --format="  $2: %s"
  done
  git_in_tree checkout --quiet series
}

gate_each() {
  after_every_patch true builds
}

gate_boot() {
  [[ -e $here/../dist/vm/main.js ]] || { echo 'npm run build makes what boots' >"$log"; return 1; }
  after_every_patch boot 'builds and boots'
}

# The objects are removed first, because only what is compiled is judged.  In fs/proc/base.c sparse
# finds faults without the series, so only what it says of the series counts there.
judge() {
  configure && build modules_prepare || return 1
  rm -rf "$objects/security/disablenetwork" "$objects/fs/proc/base.o"
  build "$@" fs/proc/base.o || return 1
  # The path of the tree has the word as well.
  if grep -E '(warning|error):' "$log" | sed "s|$tree/||g" | grep -F disablenetwork; then return 1; fi
  build "$@" security/disablenetwork/ || return 1
  if grep -E '(warning|error):' "$log"; then return 1; fi
  grep -q 'disablenetwork/socket' "$log"
}

gate_warnings() {
  judge W=1
}

gate_sparse() {
  judge C=2
}

require_packages
mkdir -p "$folder"
prepare
git_in_tree am --quiet "${patches[@]}" || { echo 'FAILED: git am'; exit 1; }
for gate in $chosen; do
  declare -F "gate_$gate" >/dev/null || usage
  # A gate that failed may have left another patch checked out.
  git_in_tree checkout --quiet --force series
  if "gate_$gate"; then
    echo "passed: $gate"
  else
    failed=1
    echo "FAILED: $gate"
    tail -n 40 "$log"
  fi
done
exit "$failed"
