"""The keys of the settings are sealed: what is there in plain text is sealed on the way."""

from django.db import migrations, models

import openevent.core.sealed

KEYS = [
    'aws_key', 'aws_secret', 'gs_key', 'gs_secret', 'google_recaptcha_secret', 'google_client_secret',
    'fb_client_secret', 'tw_consumer_secret', 'in_client_secret', 'stripe_secret_key', 'stripe_test_secret_key',
    'paypal_secret', 'paypal_sandbox_secret', 'omise_test_secret', 'omise_live_secret', 'alipay_secret_key',
    'paytm_live_secret', 'paytm_sandbox_secret', 'sendgrid_key', 'smtp_password', 'rocket_chat_registration_secret',
]


def change_each(apps, change):
    settings = apps.get_model('accounts', 'Setting').objects
    for row in settings.values('pk', *KEYS):
        settings.filter(pk=row['pk']).update(**{key: change(row[key]) for key in KEYS if row[key]})


def seal(apps, schema_editor):
    change_each(apps, openevent.core.sealed.seal)


def unseal(apps, schema_editor):
    change_each(apps, openevent.core.sealed.unseal)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_pages_and_permissions'),
    ]

    operations = [
        *(
            migrations.AlterField('setting', key, models.TextField(blank=True, max_length=1000, null=True))
            for key in KEYS
        ),
        migrations.RunPython(seal, unseal),
        *(
            migrations.AlterField(
                'setting', key, openevent.core.sealed.SealedText(blank=True, max_length=1000, null=True)
            )
            for key in KEYS
        ),
    ]
