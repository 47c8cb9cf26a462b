<?xml version="1.0" encoding="UTF-8"?>
<!-- A viewer for browsers: it lies beside the documents that name it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:gl-cor="http://www.xbrl.org/int/gl/cor/2006-10-25" xmlns:gl-bus="http://www.xbrl.org/int/gl/bus/2006-10-25"
  xmlns:xbrli="http://www.xbrl.org/2003/instance" exclude-result-prefixes="gl-cor gl-bus xbrli">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat"/>
  <xsl:template match="/">
    <html lang="tr">
      <head>
        <title>e-Defter Beratı</title>
        <style>
          body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
          dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; }
          dt { color: #5b6776; } dd { margin: 0; }
          table { border-collapse: collapse; width: 100%; margin-bottom: 1.25rem; }
          caption { text-align: left; font-weight: 600; padding: .5rem 0; border-top: 2px solid #d8dee6; }
          th, td { padding: .2rem .5rem; text-align: left; vertical-align: top; }
          th { color: #5b6776; border-bottom: 1px solid #d8dee6; }
          .n { text-align: right; white-space: nowrap; }
        </style>
      </head>
      <body>
        <h1>e-Defter Beratı</h1>
        <xsl:for-each select="/*/xbrli:xbrl">
          <dl>
            <dt>VKN/TCKN</dt><dd><xsl:value-of select="xbrli:context/xbrli:entity/xbrli:identifier"/></dd>
            <xsl:for-each select="gl-cor:accountingEntries/gl-cor:documentInfo">
              <dt>Belge no</dt><dd><xsl:value-of select="gl-cor:uniqueID"/></dd>
              <dt>Dönem</dt>
              <dd><xsl:value-of select="gl-cor:periodCoveredStart"/> – <xsl:value-of select="gl-cor:periodCoveredEnd"/></dd>
              <dt>Oluşturma tarihi</dt><dd><xsl:value-of select="gl-cor:creationDate"/></dd>
            </xsl:for-each>
            <xsl:for-each select="gl-cor:accountingEntries/gl-cor:entityInformation">
              <xsl:for-each select="gl-bus:organizationIdentifiers">
                <dt><xsl:value-of select="gl-bus:organizationDescription"/></dt>
                <dd><xsl:value-of select="gl-bus:organizationIdentifier"/></dd>
              </xsl:for-each>
              <dt>Muhasebeci</dt><dd><xsl:value-of select="gl-bus:accountantInformation/gl-bus:accountantName"/></dd>
            </xsl:for-each>
          </dl>
          <xsl:apply-templates select="gl-cor:accountingEntries/gl-cor:entryHeader"/>
        </xsl:for-each>
      </body>
    </html>
  </xsl:template>
  <xsl:template match="gl-cor:entryHeader">
    <table>
      <caption>Vergi hesaplarının toplamları</caption>
      <thead>
        <tr><th>Satır</th><th>Tarih</th><th>Hesap</th><th>Belge</th><th>Açıklama</th><th class="n">Borç</th><th class="n">Alacak</th></tr>
      </thead>
      <tbody>
        <xsl:for-each select="gl-cor:entryDetail">
          <tr>
            <td><xsl:value-of select="gl-cor:lineNumber"/></td>
            <td><xsl:value-of select="gl-cor:postingDate"/></td>
            <td>
              <xsl:value-of select="gl-cor:account/gl-cor:accountMainID"/>
              <xsl:text> </xsl:text>
              <xsl:value-of select="gl-cor:account/gl-cor:accountMainDescription"/>
              <xsl:if test="gl-cor:account/gl-cor:accountSub">
                <br/>
                <xsl:value-of select="gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID"/>
                <xsl:text> </xsl:text>
                <xsl:value-of select="gl-cor:account/gl-cor:accountSub/gl-cor:accountSubDescription"/>
              </xsl:if>
            </td>
            <td>
              <xsl:value-of select="gl-cor:documentType"/>
              <xsl:text> </xsl:text>
              <xsl:value-of select="gl-cor:documentTypeDescription"/>
              <xsl:text> </xsl:text>
              <xsl:value-of select="gl-cor:documentNumber"/>
              <xsl:text> </xsl:text>
              <xsl:value-of select="gl-cor:documentDate"/>
            </td>
            <td><xsl:value-of select="gl-cor:detailComment"/></td>
            <td class="n"><xsl:if test="starts-with(gl-cor:debitCreditCode, 'D')"><xsl:value-of select="gl-cor:amount"/></xsl:if></td>
            <td class="n"><xsl:if test="starts-with(gl-cor:debitCreditCode, 'C')"><xsl:value-of select="gl-cor:amount"/></xsl:if></td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>
</xsl:stylesheet>
