#ifndef TRUEUP_CSPAWN_SHIM_H
#define TRUEUP_CSPAWN_SHIM_H
#include <spawn.h>

// POSIX.1-2024 has it without the suffix; glibc (2.29) and musl hide it where _GNU_SOURCE is not defined.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);

static inline int trueup_spawn_in(posix_spawn_file_actions_t *actions, const char *directory) {
  return posix_spawn_file_actions_addchdir_np(actions, directory);
}
#endif
