// SPDX-License-Identifier: MIT
// One system call: its number and six arguments, read from JavaScript, made by any thread.
#pragma once

#include <napi.h>

struct Call {
  long number = -1;
  long arguments[6] = {};
};

// Reads the number and the arguments that start at `first`. A Buffer stands for its address, so
// JavaScript must keep it alive for as long as the kernel may use it.
Call ReadCall(const Napi::CallbackInfo& info, size_t first);

// The value or -errno; errno itself is left as it was, so that a signal handler may call this.
long MakeCall(const Call& call);

void RegisterMemory(Napi::Env env, Napi::Object exports);
void RegisterNewThread(Napi::Env env, Napi::Object exports);
void RegisterNativeThread(Napi::Env env, Napi::Object exports);
void RegisterPool(Napi::Env env, Napi::Object exports);
void RegisterSharer(Napi::Env env, Napi::Object exports);
void RegisterSignal(Napi::Env env, Napi::Object exports);
void RegisterSocketOpener(Napi::Env env, Napi::Object exports);
void RegisterThreadChains(Napi::Env env, Napi::Object exports);
