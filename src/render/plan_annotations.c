/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "render/annotations.h"
#include "render/render.h"
#include "render/summary.h"

/* As it is: the whole message is escaped for the workflow command at once. */
static struct language plain_language(void)
{
    struct language plain = language_terminal;
    plain.name = plain.sentence = buf_add_text;
    return plain;
}

static void add_problems(struct buf *out, struct annotations *annotations, const struct plan *plan)
{
    for (size_t i = 0; i < plan->problems.count; i++) {
        const struct problem *problem = &plan->problems.items[i];
        annotations_add(annotations, out, problem->fails_plan ? ANNOTATION_ERROR : ANNOTATION_WARNING,
                        problem->fact ? problem->fact->span : (struct span){0}, problem->id, problem->message,
                        problem->hint);
    }
}

/* A diagnostic of that entry says already why it is held. */
static bool is_annotated(const struct diags *diags, struct span span)
{
    for (size_t i = 0; i < diags->count; i++)
        if (span.file && diags->items[i].span.file && diags->items[i].span.line == span.line &&
            str_eq(diags->items[i].span.file->path, span.file->path))
            return true;
    return false;
}

static void add_held(struct buf *out, struct annotations *annotations, const struct plan *plan,
                     const struct diags *diags)
{
    const struct language plain = plain_language();
    struct buf message;
    buf_init(&message, SIZE_MAX / 4);
    for (size_t i = 0; i < plan->delta.count; i++) {
        const struct delta_row *row = &plan->delta.items[i];
        const struct fact *fact = row_fact(row);
        if (row->kind != CHANGE_HOLD ||
            (annotations_have_room(annotations, ANNOTATION_WARNING) && is_annotated(diags, fact->span)))
            continue;
        buf_clear(&message);
        wording_grant(&message, &plain, fact->team, fact->grant);
        buf_add_text(&message, " for ");
        wording_holder(&message, &plain, fact);
        buf_add_text(&message, " in ");
        wording_account(&message, &plain, fact->environment, fact->account_id);
        buf_add_text(&message, " is held, it stays as it is");
        annotations_add(annotations, out, ANNOTATION_WARNING, fact->span, "held", message.bytes, row->note);
    }
    buf_free(&message);
}

static void add_side_changes(struct buf *out, struct annotations *annotations, const struct delta *delta)
{
    const struct language plain = plain_language();
    struct buf message;
    buf_init(&message, SIZE_MAX / 4);
    for (size_t i = 0; i < delta->side.count; i++) {
        const struct side_change *change = &delta->side.items[i];
        if (change->risk != RISK_HIGH)
            continue;
        buf_clear(&message);
        wording_side_kind(&message, &plain, change);
        buf_addf(&message, ": %s, %s → %s", change->what, change->before ? change->before : "nothing",
                 change->after ? change->after : "nothing");
        annotations_add(annotations, out, ANNOTATION_NOTICE, (struct span){0}, change->id, message.bytes,
                        change->note);
    }
    buf_free(&message);
}

void render_plan_annotations(struct buf *out, const struct plan *plan, const struct diags *diags)
{
    struct annotations annotations = {0};
    annotations.shown[ANNOTATION_ERROR] = diags->errors;
    annotations.shown[ANNOTATION_WARNING] = diags->warnings;
    add_problems(out, &annotations, plan);
    add_held(out, &annotations, plan, diags);
    add_side_changes(out, &annotations, &plan->delta);
    annotations_finish(&annotations, out);
}
