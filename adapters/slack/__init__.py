"""Slack -> the command set -> Slack.

Coming in: ``connection`` (websocket or HTTP), ``app`` (the wiring), ``incoming`` (what Slack sends, as plain values),
then ``commands``, ``mentions``, ``home`` (with its ``home_view``), ``modals`` (of ``forms``, whose ``fields`` are
completed by ``suggestions``) and ``leaving``. They all work with the ``service``; what is ``running`` is finished
before the service ends.

Going out: ``replies`` to people and the ``poster`` of digests; both write with ``render`` (``mrkdwn``, ``ids``,
``limits``, ``naming``) at Slack's ``pace``, with ``pictures``, and read Slack's refusals by ``faults``.

Who and where: ``workspaces`` that have the app, how they ``install`` it with which ``manifest``, ``people``, ``rooms``.
"""
