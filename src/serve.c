/* serve: a run of a demo's own program (stub). */
#include "supervisor.h"

const struct run_ops program_ops;
