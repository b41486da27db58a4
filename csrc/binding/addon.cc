// SPDX-License-Identifier: MIT
// The addon's table of contents: one Register function for each concern. Nothing here is static
// state, so that the addon can be loaded again in every Worker.
#include <napi.h>

#include "binding/register.h"

namespace disablenetwork {

static Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  // What the library looks at before it calls anything: another addon may lie in this one's place.
  exports.Set("name", "disablenetwork");
  exports.Set("version", DISABLENETWORK_VERSION);
  RegisterPrctl(env, exports);
  RegisterSeccomp(env, exports);
  RegisterDrop(env, exports);
  RegisterThreads(env, exports);
  RegisterDescriptors(env, exports);
  RegisterRings(env, exports);
  RegisterEventLoop(env, exports);
  RegisterExecute(env, exports);
  return exports;
}

NODE_API_MODULE(disablenetwork, Initialize)

}  // namespace disablenetwork
