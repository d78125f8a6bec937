/* SPDX-License-Identifier: Apache-2.0 */
/* How is a guest answered (theory: answer_rule.h). */
#include "answer_rule.h"

bool answers_with_byte(enum answer_mode mode, uint32_t port, enum vsn_verdict verdict)
{
	switch (mode) {
	case ANSWER_EOF:
		return false;
	case ANSWER_BYTE:
		return verdict == VSN_VERDICT_BYTE;
	case ANSWER_AUTO:
		break;
	}
	return verdict == VSN_VERDICT_BYTE && port == VSN_PORT_UNKNOWN;
}
