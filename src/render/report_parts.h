/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/render only: what the report in the job summary and the one on a pull request share. */
#ifndef IAMLEASE_RENDER_REPORT_PARTS_H
#define IAMLEASE_RENDER_REPORT_PARTS_H

#include "render/markdown_parts.h"

/* One operation that failed, an item of a list. */
void report_failure(struct buf *out, const struct operation *operation, const struct result *result,
                    const struct summary *summary);

/* Where the applied ref stands, when was looked for what has ended, from where to where. */
void report_end(struct buf *out, const struct report *report);

#endif
