/* SPDX-License-Identifier: Apache-2.0 */
#include "render/annotations.h"
#include "render/render.h"

void render_diags_annotations(struct buf *out, const struct diags *diags)
{
    struct annotations annotations = {0};
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        annotations_add(&annotations, out,
                        diag->severity == DIAG_ERROR ? ANNOTATION_ERROR : ANNOTATION_WARNING, diag->span,
                        diag->id, diag->message, diag->hint);
    }
    /* Those that were only counted have no element. */
    annotations.left_out[ANNOTATION_ERROR] = diags->errors - annotations.shown[ANNOTATION_ERROR];
    annotations.left_out[ANNOTATION_WARNING] = diags->warnings - annotations.shown[ANNOTATION_WARNING];
    annotations_finish(&annotations, out);
}
