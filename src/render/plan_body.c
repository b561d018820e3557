/* SPDX-License-Identifier: Apache-2.0 */
#include "render/plan_body.h"

#include "base/time.h"
#include "render/aging.h"
#include "render/escape.h"
#include "render/plan_sections.h"

#include <stdio.h>

/* What was written of a section. */
struct section {
    struct body_items items; /* those that must be shown, then the others */
    size_t musts, shown;
    struct buf text;
};

struct body {
    const struct plan *plan;
    const struct body_limits *limits;
    struct summary summary;
    struct section sections[SECTION_COUNT];
    struct buf scratch;
    size_t used; /* bytes, of all that stands in the sections */
};

/* Lists what could stand in a section, what must be shown in front. */
static void open_section(struct body *body, enum section_name name)
{
    struct section *section = &body->sections[name];
    const struct section_kind *kind = &section_kinds[name];
    struct body_items all = {0};
    buf_init(&section->text, SIZE_MAX / 4);
    kind->list(body->plan, &body->summary, &all);
    for (int must = 1; must >= 0; must--) {
        for (size_t i = 0; i < all.count; i++)
            if ((kind->must_be_shown && kind->must_be_shown(body->plan, all.items[i])) == must)
                *VEC_ADD(body->summary.arena, &section->items) = all.items[i];
        if (must)
            section->musts = section->items.count;
    }
}

/* The next item of a section; false: it has none left, or that one must not be and does not fit. */
static bool add_item(struct body *body, enum section_name name, bool must)
{
    struct section *section = &body->sections[name];
    const struct section_kind *kind = &section_kinds[name];
    if (section->shown == section->items.count)
        return false;
    if (!must && section->shown >= body->limits->max_items)
        return false;
    buf_clear(&body->scratch);
    if (!section->shown)
        kind->open(&body->scratch, body->plan, &body->summary, section->items.count);
    kind->item(&body->scratch, body->plan, &body->summary, section->items.items[section->shown]);
    size_t size = aging_size(&body->scratch) + (section->shown ? 0 : SECTION_CLOSE_MAX);
    if (!must && size > body->limits->max_bytes - body->used)
        return false;
    buf_add(&section->text, body->scratch.bytes, body->scratch.size);
    section->shown++;
    body->used += size;
    return true;
}

/* "[2 rows and 3 operations are left out](…)" */
static void add_left_out(struct buf *out, const struct body *body, bool all)
{
    size_t missing[SECTION_COUNT], kinds = 0, written = 0;
    for (enum section_name name = 0; name < SECTION_COUNT; name++) {
        const struct section *section = &body->sections[name];
        missing[name] = section->items.count - (all ? 0 : section->shown);
        kinds += missing[name] != 0;
    }
    if (!kinds)
        return;
    RAW(out, " — not shown here: ");
    for (enum section_name name = 0; name < SECTION_COUNT; name++) {
        if (!missing[name])
            continue;
        buf_add_text(out, written == 0 ? "" : written + 1 == kinds ? " and " : ", ");
        wording_count(out, missing[name], section_kinds[name].one, section_kinds[name].many);
        written++;
    }
    if (body->limits->rest_url) {
        RAW(out, ", see the [");
        buf_add_text(out, body->limits->rest_where);
        RAW(out, "](");
        escape_markdown_url(out, body->limits->rest_url);
        RAW(out, ")");
    } else if (body->limits->rest_where) {
        RAW(out, ", see ");
        escape_markdown_code(out, body->limits->rest_where);
    }
}

/* `all`: as if nothing were shown, which is the longest that the title can be. */
static void add_title(struct buf *out, const struct body *body, bool all)
{
    const struct plan *plan = body->plan;
    RAW(out, "### iamlease plan: ");
    if (plan->delta.count || plan->delta.side.count)
        wording_changes(out, &plan->delta);
    else if (plan->operations.count)
        RAW(out, "nobody's access changes, AWS is put right");
    else
        RAW(out, "nothing to change");
    if (plan->problems.count) {
        RAW(out, ", ");
        wording_count(out, plan->problems.count, "problem", "problems");
    }
    add_left_out(out, body, all);
    RAW(out, "\n");
    if (!plan->delta.count && !body->summary.high_risks)
        return;
    RAW(out, "\n");
    if (body->summary.high_risks) {
        buf_addf(out, "⚠️ **%zu with high risk**", body->summary.high_risks);
        buf_add_text(out, plan->delta.count ? " · " : "");
    }
    if (plan->delta.count)
        summary_scope(out, &body->summary);
    RAW(out, "\n");
}

enum { SHORT_DIGEST = 12 };

static void add_footer(struct buf *out, const struct plan *plan)
{
    char now[TIME_TEXT_SIZE];
    RAW(out, "\n<sub>");
    wording_sides(out, &language_markdown, plan);
    if (plan->digest) {
        char short_digest[SHORT_DIGEST + 1];
        snprintf(short_digest, sizeof short_digest, "%s", plan->digest);
        RAW(out, ", digest <code title=\"");
        escape_html(out, plan->digest);
        RAW(out, "\">");
        escape_html(out, short_digest);
        RAW(out, "</code>");
    }
    buf_addf(out, "%s, as of %s%s</sub>\n", AGING_BEGIN, time_format(plan->now_s, now), AGING_END);
}

/* Fills the sections; false: what must be shown does not fit. */
static bool fill(struct body *body)
{
    buf_clear(&body->scratch);
    add_title(&body->scratch, body, true);
    add_footer(&body->scratch, body->plan);
    body->used = aging_size(&body->scratch);
    for (enum section_name name = 0; name < SECTION_COUNT; name++)
        while (body->used <= body->limits->max_bytes && body->sections[name].shown < body->sections[name].musts)
            add_item(body, name, true);
    if (body->used > body->limits->max_bytes)
        return false;
    for (size_t i = 0; i < SECTION_COUNT; i++)
        while (add_item(body, section_order[i], false))
            ;
    return true;
}

bool plan_body_write(struct buf *out, const struct plan *plan, const struct body_limits *limits)
{
    struct arena *arena CLEANUP(arena_freep) = arena_new();
    struct body body = {.plan = plan, .limits = limits, .summary = summary_new(arena, plan)};
    buf_init(&body.scratch, SIZE_MAX / 4);
    for (enum section_name name = 0; name < SECTION_COUNT; name++)
        open_section(&body, name);
    bool fits = fill(&body);
    if (fits)
        add_title(out, &body, false);
    for (enum section_name name = 0; name < SECTION_COUNT; name++) {
        struct section *section = &body.sections[name];
        if (fits && section->shown) {
            buf_add(out, section->text.bytes, section->text.size);
            section_kinds[name].close(out, section->items.count);
        }
        buf_free(&section->text);
    }
    if (fits)
        add_footer(out, plan);
    buf_free(&body.scratch);
    return fits;
}
