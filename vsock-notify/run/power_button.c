/* SPDX-License-Identifier: Apache-2.0 */
/* Presses the guest's ACPI power button by cloud-hypervisor's API (see power_button.h). */
#include "power_button.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/macros.h"

static const char request[] = "PUT /api/v1/vm.power-button HTTP/1.1\r\n"
			      "Host: localhost\r\n"
			      "Content-Length: 0\r\n"
			      "\r\n";

/* Such as "HTTP/1.1 204 No Content\r\n". */
bool power_button_reply_is_good(const char *reply)
{
	static const char line[] = "HTTP/1.# 2##"; /* each '#' a digit */

	for (size_t i = 0; i < strlen(line); i++)
		if (line[i] == '#' ? reply[i] < '0' || reply[i] > '9' : reply[i] != line[i])
			return false;
	return strstr(reply, "\r\n");
}

static void stop(struct power_button *button)
{
	loop_fd_remove(button->loop, &button->source);
	loop_timer_cancel(&button->timer);
	close_fd(&button->fd);
}

static void answered(struct power_button *button, bool pressed)
{
	stop(button);
	button->answer(button, pressed);
}

static void readable(struct loop_fd *source)
{
	struct power_button *button = container_of(source, struct power_button, source);
	size_t room = sizeof(button->reply) - 1 - button->length;
	ssize_t n = read(button->fd, button->reply + button->length, room);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		button->length += (size_t)n;
		button->reply[button->length] = '\0';
	}
	if (n <= 0 || (size_t)n == room || strstr(button->reply, "\r\n"))
		answered(button, power_button_reply_is_good(button->reply));
}

static void too_late(struct loop_timer *timer, uint64_t now)
{
	(void)now;
	answered(container_of(timer, struct power_button, timer), false);
}

void power_button_init(struct power_button *button, struct loop *loop)
{
	*button = (struct power_button){
		.loop = loop,
		.source.callback = readable,
		.timer.callback = too_late,
		.fd = -1,
	};
}

void power_button_deinit(struct power_button *button)
{
	stop(button);
}

int power_button_prepare(struct power_button *button)
{
	if (button->fd >= 0)
		return 0;
	button->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return button->fd < 0 ? -errno : 0;
}

static int send_request(struct power_button *button, const struct address *address)
{
	if (connect(button->fd, &address->any, address->length) < 0)
		return -errno;
	/* The buffer of a new socket has room for the whole request. */
	if (send(button->fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
		return -EIO;
	return loop_fd_add(button->loop, &button->source, button->fd, EPOLLIN);
}

int power_button_press(struct power_button *button, const char *api_socket)
{
	struct address address;
	int r = address_from_path(api_socket, &address);

	if (r < 0)
		return r;
	if (button->source.added)
		stop(button);
	button->length = 0;
	button->reply[0] = '\0';
	r = power_button_prepare(button);
	if (r < 0)
		return r;
	r = send_request(button, &address);
	if (r < 0)
		stop(button);
	else
		loop_timer_set(button->loop, &button->timer, now_usec() + POWER_BUTTON_USEC);
	return r;
}
