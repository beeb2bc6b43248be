/* fronts: one table row per front end that needs no terminal. */
#include "command/fronts.h"

#include "export/json.h"
#include "export/json_explore.h"
#include "export/plain.h"

const struct front fronts[] = {
    {.name = "plain",
	.help = "lines of text instead of the dashboard",
	.run = plain_run},
    {.name = "json",
	.help = "only a report at the end, as JSON",
	.run = json_run,
	.search = json_explore_run},
};

const unsigned fronts_n = sizeof fronts / sizeof fronts[0];
