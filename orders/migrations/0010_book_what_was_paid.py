"""The ledger begins with what had been paid before there was one."""

from django.db import migrations


def book(apps, schema_editor):
    Order, LedgerLine = apps.get_model('orders', 'Order'), apps.get_model('orders', 'LedgerLine')
    paid = Order.objects.filter(status='completed', amount__gt=0, ledger=None).iterator(chunk_size=1000)
    LedgerLine.objects.bulk_create(
        (
            LedgerLine(
                order=order,
                event_id=order.event_id,
                amount=order.amount,
                currency=order.currency,
                provider=order.payment_mode if order.payment_mode in OFFLINE else 'by hand',
                reference=order.transaction_id or '',
                time=order.completed_at or order.created_at,
                by_name='before the ledger',
            )
            for order in paid
        ),
        batch_size=1000,
    )


OFFLINE = ('bank', 'cheque', 'onsite', 'invoice')


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0009_fees_invoices_and_statistics'),
    ]

    operations = [migrations.RunPython(book, migrations.RunPython.noop)]
