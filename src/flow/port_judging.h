/* SPDX-License-Identifier: Apache-2.0 */
/* Inside src/flow only: whether what somebody asks for in Port may be asked for. */
#ifndef IAMLEASE_FLOW_PORT_JUDGING_H
#define IAMLEASE_FLOW_PORT_JUDGING_H

#include "flow/port_place.h"
#include "port/port_form.h"
#include "port/port_payload.h"
#include "port/port_run.h"

/* The run is one of an action in the settings, and still in progress. */
int port_judge_action(const struct port_settings *settings, const struct port_run *run, struct err *err);

/* The run is one of an action in the settings and in progress; and who started it, on what, is what the payload says. */
int port_judge_run(const struct port_settings *settings, const struct port_payload *payload,
                   const struct port_run *run, struct err *err);

/* Every permission is one action of the resource's service that port.allow has; there is one at least. */
int port_judge_permissions(const struct port_settings *settings, const struct port_form *form,
                           const struct port_resource *resource, struct err *err);

/* The account of a resource: that of its ARN, else that of the entity; both must be one. */
int port_judge_account(const struct settings *settings, const struct port_resource *resource,
                       const struct port_entity *entity, const char **ret, struct err *err);

/* ERR_REFUSED when an entry of the configuration has the run already. */
int port_judge_unused(const struct config *config, const char *run_id, struct err *err);

#endif
