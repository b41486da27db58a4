// SPDX-License-Identifier: MIT
#ifndef COST_OPERATIONS_H_
#define COST_OPERATIONS_H_

// How often a system call is counted, and how often what takes a new process or thread.
enum { kRepetitions = 1000, kProcesses = 400 };

void count_controls(void);
void count_creation(void);
void count_connections(void);
void count_transfers(void);
void count_files(void);
void count_prctl(void);
void count_ptrace(void);
void count_processes(void);
void count_exec(const char *program);
void count_threads(void);
void measure_memory(void);

// The other side of count_exec: what the executed program does at once.
void continue_exec(const char *program, const char *sent, const char *left);

#endif  // COST_OPERATIONS_H_
