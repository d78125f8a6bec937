/* SPDX-License-Identifier: Apache-2.0 */
/* Events as cloud-hypervisor 53 writes them: serde_json's pretty form, then an empty line. */
#ifndef CH_EVENT_FIXTURE_H
#define CH_EVENT_FIXTURE_H

#define EVENT_WITH(source, event, properties) \
	"{\n"                                 \
	"  \"timestamp\": {\n"                \
	"    \"secs\": 0,\n"                  \
	"    \"nanos\": 134986210\n"          \
	"  },\n"                              \
	"  \"source\": \"" source "\",\n"     \
	"  \"event\": \"" event "\",\n"       \
	"  \"properties\": " properties "\n"  \
	"}\n\n"
#define EVENT(source, event) EVENT_WITH(source, event, "null")

#define EVENT_PANIC EVENT_WITH("guest", "panic", "{\n    \"event\": \"panic\"\n  }")

#endif
