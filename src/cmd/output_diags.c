/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

void output_diags(const struct invocation *invocation, const struct diags *diags)
{
    struct buf text;
    if (diags->errors + diags->warnings == 0)
        return;
    buf_init(&text, TEXT_MAX);
    if (invocation->github
            .is_actions) { /* one stream, so that nothing comes between the guard and what it guards */
        render_diags_annotations(&text, diags);
        fwrite(text.bytes, 1, text.size, invocation->out);
        buf_clear(&text);
        render_diags_text(&text, diags, (struct style){.color = false});
        output_result(invocation, &text, 0);
        buf_clear(&text);
        render_diags_markdown(&text, diags);
        output_summary(invocation, &text);
    } else {
        render_diags_text(&text, diags, (struct style){.color = invocation->color_err});
        fwrite(text.bytes, 1, text.size, invocation->err);
    }
    buf_free(&text);
}

int output_diags_json(const struct invocation *invocation, const struct diags *diags, int code)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    render_diags_json(&text, diags);
    code = output_result(invocation, &text, code);
    buf_free(&text);
    return code;
}
