/* SPDX-License-Identifier: Apache-2.0 */
#include "render/annotations.h"

#include "render/escape.h"
#include "render/wording.h"

/* Of the notices two are kept for counts: that of the diagnostics and that of the plan. */
static const struct {
    const char *command, *one, *many;
    size_t max;
} kinds[ANNOTATION_KIND_COUNT] = {
    [ANNOTATION_ERROR] = {"error", "more error", "more errors", 10},
    [ANNOTATION_WARNING] = {"warning", "more warning", "more warnings", 10},
    [ANNOTATION_NOTICE] = {"notice", "more notice", "more notices", 8},
};

bool annotations_have_room(const struct annotations *annotations, enum annotation_kind kind)
{
    return annotations->shown[kind] < kinds[kind].max;
}

void annotations_add(struct annotations *annotations, struct buf *out, enum annotation_kind kind,
                     struct span span, const char *title, const char *message, const char *hint)
{
    if (!annotations_have_room(annotations, kind)) {
        annotations->left_out[kind]++;
        return;
    }
    annotations->shown[kind]++;
    buf_addf(out, "::%s ", kinds[kind].command);
    if (span.file) {
        RAW(out, "file=");
        escape_command_property(out, span.file->path);
        if (span.line)
            buf_addf(out, ",line=%u,col=%u", span.line, span.column ? span.column : 1);
        RAW(out, ",");
    }
    RAW(out, "title=");
    escape_command_property(out, title);
    RAW(out, "::");
    escape_command_data(out, message);
    if (hint) {
        RAW(out, "%0A");
        escape_command_data(out, hint);
    }
    RAW(out, "\n");
}

void annotations_finish(const struct annotations *annotations, struct buf *out)
{
    size_t left = 0, written = 0;
    for (size_t kind = 0; kind < ANNOTATION_KIND_COUNT; kind++)
        left += annotations->left_out[kind] != 0;
    if (!left)
        return;
    RAW(out, "::notice title=iamlease::");
    for (size_t kind = 0; kind < ANNOTATION_KIND_COUNT; kind++) {
        if (!annotations->left_out[kind])
            continue;
        buf_add_text(out, written == 0 ? "" : written + 1 == left ? " and " : ", ");
        wording_count(out, annotations->left_out[kind], kinds[kind].one, kinds[kind].many);
        written++;
    }
    RAW(out, " without an annotation; see the log\n");
}
