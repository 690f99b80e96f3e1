#ifndef TRUEUP_CCURL_SHIM_H
#define TRUEUP_CCURL_SHIM_H
#include <curl/curl.h>
#endif
