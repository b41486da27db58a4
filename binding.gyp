{
  "variables": {
    "warnings_as_errors%": 0
  },
  "targets": [
    {
      "target_name": "disablenetwork",
      "sources": ["<!@(ls csrc/*.cc)"],
      "include_dirs": ["csrc"],
      "defines": ["NAPI_VERSION=8", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "conditions": [
        ["OS!='linux'", {"type": "none"}],
        ["warnings_as_errors==1", {"cflags_cc": ["-Werror"]}]
      ],
      "cflags_cc": [
        "-std=c++17",
        "-isystem",
        "<!(node -p \"path.resolve(require('node-addon-api').include_dir)\")",
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
      "ldflags": ["-Wl,-z,relro,-z,now", "-Wl,--gc-sections", "-Wl,--version-script=<(module_root_dir)/csrc/exports.map"]
    }
  ]
}
