#ifndef TRUEUP_CSQLITE_SHIM_H
#define TRUEUP_CSQLITE_SHIM_H
#include <sqlite3.h>
#endif
