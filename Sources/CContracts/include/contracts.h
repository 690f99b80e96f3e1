#ifndef TRUEUP_CONTRACTS_H
#define TRUEUP_CONTRACTS_H
#include <stddef.h>

/// A run of bytes that lives as long as the process.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} trueup_contract;

/// The pruned AWS API models (JSON, UTF-8).
trueup_contract trueup_contract_api_models(void);

/// The pruned CloudFormation registry schemas (JSON, UTF-8).
trueup_contract trueup_contract_registry_schemas(void);

#endif
