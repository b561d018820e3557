/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json_parts.h"
#include "render/render.h"

void render_diags_json(struct buf *out, const struct diags *diags)
{
    struct json_writer writer = json_document_begin(out, "diagnostics");
    json_key_int(&writer, "errors", (int64_t)diags->errors);
    json_key_int(&writer, "warnings", (int64_t)diags->warnings);
    json_key(&writer, "diagnostics");
    json_diagnostics(&writer, diags);
    json_document_end(&writer);
}
