/* scenes: demos and modes, long enough to be steered. */
#include "scenes.h"

const struct scene scenes[] = {
    {.line = "hybrid --processes 2 --threads 40 --items 5x10000"},
    {.line = "race --step"},
    {.line = "replay @hybrid.lks"},
    {.line = "race --processes 2 --threads 3 --items 1x9000 --adds 20"
	     " --lock none --window 20us"},
    {.line = "explore race", .search = true},
    {.line = "deadlock"},
    {.line = "replay @race.lks"},
    {.line = "race --predict --processes 2 --threads 2 --items 1x900"},
    {.line = "compare"},
    {.line = "hybrid --sum private --ascii", .ascii = true},
    {.line = "replay @hostile.lks"},
    {.line = "philosophers"},
    {.line = "-", .input = "killed.lks"},
    {.line = "deadlock --step"},
    {.line = "explore deadlock", .search = true},
    {.line = "replay @program.lks --ascii", .ascii = true},
    {.line = "race --scheduler random --seed 1 --items 1x9000"},
    {.line = "process-pool"},
    {.line = "replay @explore.lks", .search = true},
    {.line = "hybrid --items 5x10000 --record %recording"},
    {.line = "missing-sentinel"},
    {.line = "race --schedule race,processes=1,threads=2,items=2,adds=1,"
	     "steps=3:a2b3a1"},
    {.line = "replay @compare.lks"},
    {.line = "philosophers --step"},
    {.line = "replay @updates.lks"},
    {.line = "primes"},
    {.line = "hybrid --step --processes 2 --threads 2"},
    {.line = "replay @lost.lks --predict"},
    {.line = "explore philosophers --fix order", .search = true},
    {.line = "queue"},
    {.line = "full-pipe"},
    {.line = "replay @explore-hung.lks", .search = true},
    {.line = "race --lock ticket --processes 3 --threads 3 --items 1x9000"},
    {.line = "-", .input = "deadlock.lks"},
    {.line = "compare --work mixed --gil"},
    {.line = "thread-pool --step"},
    {.line = "replay @hung.lks --color never"},
    {.line = "replay @private.lks"},
    {.line = "replay @ended.lks"},
};
const unsigned nscenes = sizeof scenes / sizeof scenes[0];

const char *const scene_terms[] = {"xterm-256color", "xterm-256color",
    "tmux-256color", "screen-256color", "xterm", "linux", "vt220", "vt100"};
const unsigned nscene_terms = sizeof scene_terms / sizeof scene_terms[0];
