from tianbao_templates_113 import TEMPLATE

from tianbao.testing import TemplateContract


class TestTemplate113(TemplateContract):
    template = TEMPLATE
