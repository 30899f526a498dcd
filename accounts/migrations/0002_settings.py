"""The one row of settings."""

from django.db import migrations


def add_settings(apps, schema_editor):
    apps.get_model("accounts", "Setting").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add_settings, migrations.RunPython.noop)]
