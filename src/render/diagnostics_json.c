/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_parts.h"
#include "render/render.h"

void render_diags_json(struct buf *out, const struct diags *diags)
{
    struct json_writer writer = json_document_begin(out, "diagnostics");
    json_key_int(&writer, "errors", (int64_t)diags->errors);
    json_key_int(&writer, "warnings", (int64_t)diags->warnings);
    json_key(&writer, "diagnostics");
    json_begin_array(&writer);
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        json_begin_object(&writer);
        json_key_string(&writer, "severity", diag->severity == DIAG_ERROR ? "error" : "warning");
        json_key_string(&writer, "id", diag->id);
        json_key_string(&writer, "message", diag->message);
        json_key_string(&writer, "hint", diag->hint);
        json_place(&writer, diag->span);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_document_end(&writer);
}
