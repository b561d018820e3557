/* SPDX-License-Identifier: Apache-2.0 */
#include "check_run.h"

#include "base/buf.h"
#include "base/str.h"
#include "unit.h"

void check_run_cases(const struct check_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct diags diags = diags_new(arena);
        config_run(arena, cases[i].files, &diags);
        const char *got = config_run_diags(arena, &diags);
        CHECK(str_eq(got, cases[i].expected), "case %zu gives\n%s", i, got);
        CHECK(!cases[i].message || str_eq(diags.items[0].message, cases[i].message), "'%s'",
              diags.items[0].message);
        CHECK(!cases[i].hint || str_eq(diags.items[0].hint, cases[i].hint), "'%s'", diags.items[0].hint);
    }
}

const char *check_run_many(struct arena *arena, char prefix, int count)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    for (int i = 0; i < count; i++)
        buf_addf(&text, "%s%c%d", i ? ", " : "[", prefix, i);
    const char *copy = arena_printf(arena, "%s]", text.bytes);
    buf_free(&text);
    return copy;
}
