/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's voice: text to the first serial port. */
#include "serial.h"

#include <stddef.h>

#include "io.h"
#include "text.h"

/* the 16550 UART at its PC address */
#define COM1                 0x3f8
#define UART_THR             (COM1 + 0) /* transmitter holding register */
#define UART_IER             (COM1 + 1) /* interrupt enable register */
#define UART_FCR             (COM1 + 2) /* FIFO control register */
#define UART_LCR             (COM1 + 3) /* line control register */
#define UART_LSR             (COM1 + 5) /* line status register */
#define UART_FCR_ENABLE_FIFO 0x01
#define UART_LCR_8N1         0x03
#define UART_LSR_THRE        0x20 /* the transmit FIFO is empty */
#define UART_FIFO_SIZE       16

/* Each access leaves the guest for the VMM, so the guest asks for the status once per full FIFO. */
static unsigned int room;

void serial_start(void)
{
	outb(UART_IER, 0);
	outb(UART_LCR, UART_LCR_8N1);
	outb(UART_FCR, UART_FCR_ENABLE_FIFO);
}

static void put_byte(char byte)
{
	if (room == 0) {
		while (!(inb(UART_LSR) & UART_LSR_THRE))
			relax();
		room = UART_FIFO_SIZE;
	}
	outb(UART_THR, (uint8_t)byte);
	room--;
}

void serial_text(const char *text)
{
	while (*text != '\0')
		put_byte(*text++);
}

void serial_number(uint32_t number)
{
	char digits[TEXT_DECIMAL_MAX];
	size_t count = text_decimal(digits, number);

	for (size_t i = 0; i < count; i++)
		put_byte(digits[i]);
}
