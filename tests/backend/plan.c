/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws the course of a connection: its pieces and every latency on its way.
 *
 * Everything is drawn before the connection begins, and a message always takes the same number of
 * draws. So a sender meets the same latencies with the same seed, in whatever order the senders'
 * connections happen.
 */
#include "plan.h"

/* One send is one packet of at most this length. */
#define PACKET_MAX 4096
/*
 * The gaps in a message are far shorter than the silence after which vsock-notify takes a program's
 * message for whole if half-closes do not pass (100 ms and more).
 */
#define GAP_MAX_USEC 5000

static long draw_gap(const struct options *options, struct prng *prng)
{
	long usec = latency_draw(&options->latency, prng);

	return usec < GAP_MAX_USEC ? usec : GAP_MAX_USEC;
}

static void draw_latencies(struct plan *plan, const struct options *options, struct prng *prng)
{
	*plan = (struct plan){
		.manner = options->full_close ? MANNER_LEAVE : MANNER_NOTIFY,
		.timeout_usec = options->timeout_usec,
		.release_fd = -1,
	};
	plan->before_piece_usec[0] = latency_draw(&options->latency, prng);
	plan->before_shutdown_usec = latency_draw(&options->latency, prng);
	plan->inbound_usec = latency_draw(&options->latency, prng);
	plan->outbound_usec = latency_draw(&options->latency, prng);
}

/* Cuts into pieces of @size bytes, the last one shorter. */
static void cut_evenly(struct plan *plan, size_t length, size_t size)
{
	while (length > 0 && plan->piece_count < PIECES_MAX) {
		size_t piece = length < size ? length : size;

		plan->piece_length[plan->piece_count++] = piece;
		length -= piece;
	}
}

/* Cuts at two bytes into three pieces, or into two if the second cut is at the end. */
static void cut_anywhere(struct plan *plan, const struct options *options, size_t length,
                         struct prng *prng)
{
	size_t first = 1 + prng_below(prng, length - 1);
	size_t second = first + prng_below(prng, length - first) + 1;

	plan->piece_length[0] = first;
	plan->piece_length[1] = second - first;
	plan->piece_length[2] = length - second;
	plan->piece_count = second < length ? 3 : 2;
	plan->before_piece_usec[1] = draw_gap(options, prng);
	plan->before_piece_usec[2] = draw_gap(options, prng);
}

void plan_draw(struct plan *plan, const struct options *options, const struct message *message,
               struct prng *prng)
{
	draw_latencies(plan, options, prng);
	/* PID 1's messages are never cut: one send is one packet is one write. */
	if (options->cut && message->kind != KIND_PID1 && message->length > 1)
		cut_anywhere(plan, options, message->length, prng);
	else
		cut_evenly(plan, message->length, PACKET_MAX);
}

void plan_draw_bad(struct plan *plan, const struct options *options, const struct message *message,
                   enum bad_kind bad, int release_fd, struct prng *prng)
{
	draw_latencies(plan, options, prng);
	plan->release_fd = release_fd;
	if (bad == BAD_EMPTY || bad == BAD_RESET)
		plan->manner = MANNER_LEAVE;
	else if (bad == BAD_HANG)
		plan->manner = MANNER_HANG;
	cut_evenly(plan, message->length, bad == BAD_TRICKLE ? 1 : PACKET_MAX);
	for (size_t i = 1; i < plan->piece_count; i++)
		plan->before_piece_usec[i] = draw_gap(options, prng);
}
