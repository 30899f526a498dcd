"""Invoices of orders with their numbers, taxes that lines remember, and papers that are kept."""

import django.db.models.deletion
import django.utils.timezone
import openevent.core.money
from django.conf import settings
from django.db import migrations, models


def remember_taxes(apps, schema_editor):
    """What was sold before was taxed as its event still says."""
    OrderLine, Tax = apps.get_model('orders', 'OrderLine'), apps.get_model('orders', 'Tax')
    for tax in Tax.objects.filter(deleted_at=None):
        lines = OrderLine.objects.filter(order__event=tax.event_id, tax__gt=0)
        lines.update(tax_name=tax.name or '', tax_rate=tax.rate)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0013_payment_terms'),
        ('orders', '0013_changed_tickets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='tax_name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='orderline',
            name='tax_rate',
            field=models.DecimalField(decimal_places=3, max_digits=6, null=True),
        ),
        migrations.RunPython(remember_taxes, migrations.RunPython.noop),
        migrations.CreateModel(
            name='InvoiceSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last', models.PositiveIntegerField(default=0, editable=False)),
                ('event', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoice_series', to='events.event')),
                ('owner', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoice_series', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'series of invoices',
                'verbose_name_plural': 'series of invoices',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit note', 'Credit note')], max_length=20)),
                ('total', openevent.core.money.MoneyField(decimal_places=3, max_digits=13)),
                ('tax', openevent.core.money.MoneyField(decimal_places=3, max_digits=13)),
                ('currency', models.CharField(max_length=3)),
                ('said', models.JSONField()),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='order_invoices', to='events.event')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='orders.order')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='orders.invoiceseries')),
            ],
            options={
                'verbose_name': 'invoice of an order',
                'verbose_name_plural': 'invoices of orders',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('tickets', 'Tickets'), ('summary', 'Summary'), ('receipt', 'Receipt'), ('invoice', 'Invoice'), ('event invoice', 'Event invoice')], max_length=20)),
                ('version', models.CharField(max_length=64)),
                ('file', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('attendee', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='orders.attendee')),
                ('event_invoice', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='orders.eventinvoice')),
                ('invoice', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='orders.orderinvoice')),
                ('order', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='orders.order')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='invoiceseries',
            constraint=models.CheckConstraint(condition=models.Q(('owner', None), ('event', None), _connector='XOR'), name='a_series_is_of_an_owner_or_of_an_event'),
        ),
        migrations.AddIndex(
            model_name='orderinvoice',
            index=models.Index(fields=['event', 'issued_at'], name='order_invoice_by_event'),
        ),
        migrations.AddConstraint(
            model_name='orderinvoice',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='one_invoice_per_number'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(models.F('superseded_at'), condition=models.Q(('superseded_at', None), _negated=True), name='paper_to_remove'),
        ),
    ]
