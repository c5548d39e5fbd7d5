from tianbao_templates_111 import TEMPLATE

from tianbao.testing import TemplateContract


class TestTemplate111(TemplateContract):
    template = TEMPLATE
