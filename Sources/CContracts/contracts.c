#include "contracts.h"

static const unsigned char api_models[] = {
#embed "api-models.json"
};

static const unsigned char registry_schemas[] = {
#embed "registry-schemas.json"
};

trueup_contract trueup_contract_api_models(void) {
  trueup_contract contract = {api_models, sizeof api_models};
  return contract;
}

trueup_contract trueup_contract_registry_schemas(void) {
  trueup_contract contract = {registry_schemas, sizeof registry_schemas};
  return contract;
}
