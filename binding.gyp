{
  "variables": {
    "warnings_as_errors%": 0,
    "sanitized%": 0
  },
  "targets": [
    {
      "target_name": "disablenetwork",
      "sources": ["<!@(find csrc -name '*.cc' | sort)"],
      "include_dirs": ["csrc"],
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "DISABLENETWORK_VERSION=\"<!(node -p \"require('./package.json').version\")\""
      ],
      "conditions": [
        ["OS!='linux'", {"type": "none"}],
        ["warnings_as_errors==1", {"cflags_cc": ["-Werror"]}],
        ["target_arch=='arm64'", {
          # Else a helper of libgcc asks glibc which atomic instructions there are.
          "cflags_cc": ["-mno-outline-atomics"]
        }],
        ["sanitized==0", {
          # One file for every C library: it names none, and its symbols have no versions. Of the C++
          # library it takes along what csrc/library/standard_library.cc does not define: a few functions.
          "ldflags": ["-nostdlib", "-Wl,-z,undefs", "-Wl,--strip-all"],
          "libraries": ["-l:libstdc++.a", "-lgcc"]
        }]
      ],
      "cflags_cc": [
        # Before C++20 the headers count on the strings of libstdc++.so.
        "-std=c++20",
        "-isystem",
        "<!(node -p \"path.resolve(require('node-addon-api').include_dir)\")",
        # These replace functions by others that glibc alone has: open64() and the like, __read_chk().
        "-U_FILE_OFFSET_BITS",
        "-U_FORTIFY_SOURCE",
        "-Wall",
        "-Wextra",
        "-Wshadow",
        "-Wconversion",
        "-fvisibility=hidden",
        "-fvisibility-inlines-hidden",
        "-ffunction-sections",
        "-fdata-sections",
        "-Os",
        "-fstack-protector-strong"
      ],
      "ldflags": [
        # A Worker that alone loaded the addon must not unmap, when it ends, what a signal may run.
        "-Wl,-z,relro,-z,now,-z,nodelete",
        "-Wl,--gc-sections",
        "-Wl,--version-script=<(module_root_dir)/csrc/binding/exports.map"
      ]
    }
  ]
}
