// SPDX-License-Identifier: MIT
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import {
  type Descriptor,
  disableNetwork,
  DisableNetworkError,
  type DisableNetworkErrorCode,
  type DisableNetworkOptions,
  isNetworkDisabled,
  isNetworkDisabledError,
  isNoSuid,
  type KernelSupport,
  kernelSupport,
  type NetworkStatus,
  networkStatus,
  type Plan,
  planDisableNetwork,
  PR_NETWORK_OFF,
  PR_NETWORK_ON,
  prctlGetNetwork,
  prctlGetNoSuid,
  prctlSetNetwork,
  prctlSetNoSuid,
  type ProviderName,
  type Receipt,
  type Residual,
  type ResidualId,
  setNoSuid,
} from '../..';

expectType<Receipt>(disableNetwork());
expectType<Plan>(planDisableNetwork());
expectType<Receipt>(disableNetwork({}));
expectType<Receipt>(disableNetwork({ provider: 'landlock', unixSockets: 'connected', listeners: 'close' }));
expectType<Receipt>(disableNetwork({ residuals: 'close', explain: false }));
expectType<Plan>(planDisableNetwork({ residuals: ['udp-socket', 'io-uring'] }));

// A list that nobody may change is accepted, and a list of plain strings is not.
const accepted = ['raw-socket'] as const;
expectAssignable<DisableNetworkOptions>({ residuals: accepted });
expectNotAssignable<DisableNetworkOptions>({ residuals: ['raw-socket' as string] });

// A misspelled option or value does not compile, nor does undefined where a value is meant.
expectError(disableNetwork({ unixSocket: 'all' }));
expectError(disableNetwork({ unixSockets: 'none' }));
expectError(disableNetwork({ provider: 'bpf' }));
expectError(disableNetwork({ listeners: true }));
expectError(disableNetwork({ residuals: ['udp'] }));
expectError(disableNetwork('landlock'));
expectError(planDisableNetwork(null));

// What the package hands out is read-only.
const receipt = disableNetwork();
expectError((receipt.provider = 'seccomp'));
expectError(receipt.kept.push(...receipt.closed));
expectType<readonly Descriptor[]>(receipt.kept);
expectType<readonly Residual[]>(planDisableNetwork().residuals);
expectType<ProviderName>(disableNetwork().provider);
expectType<ProviderName | null>(kernelSupport().provider);

expectType<NetworkStatus>(networkStatus());
expectType<NetworkStatus>(networkStatus(1));
expectError(networkStatus('self'));
expectType<'disabled' | 'enabled' | 'partial' | 'unknown'>(networkStatus().network);
expectType<KernelSupport>(kernelSupport());
expectType<boolean>(isNetworkDisabled());
expectType<boolean>(isNoSuid());
expectType<void>(setNoSuid());

expectType<number>(prctlGetNetwork());
expectType<number>(prctlGetNoSuid());
expectType<void>(prctlSetNetwork(PR_NETWORK_OFF));
expectType<void>(prctlSetNoSuid());
expectError(prctlSetNetwork());
expectType<0>(PR_NETWORK_ON);
expectType<1>(PR_NETWORK_OFF);

// An error's code is one of a closed set, so that a switch can be exhaustive.
const error: unknown = new Error();
if (error instanceof DisableNetworkError) {
  expectType<DisableNetworkErrorCode>(error.code);
  expectType<readonly Residual[]>(error.residuals);
  expectType<ResidualId | undefined>(error.residuals[0]?.id);
  expectType<boolean>(error.partiallyApplied);
  expectNotAssignable<DisableNetworkErrorCode>('ERR_DISABLENETWORK_OTHER');
}
expectType<boolean>(isNetworkDisabledError(error));
