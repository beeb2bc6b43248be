/* key_table: the rows of all files, in the order of the help. */
#include "dashboard/key_table.h"

static const struct keys_rows *const key_table_rows[] = {
    &view_keys, &replay_keys, &steer_keys, &step_keys, &other_keys};

const struct keys_table dashboard_keys = {
    .rows = key_table_rows,
    .n = sizeof key_table_rows / sizeof key_table_rows[0],
};
